using System.Threading.Channels;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Service;

/// <summary>Passes a run's answers on to those who follow it, as they are stored.</summary>
internal sealed class AnswerFeed
{
    private readonly Lock _lock = new();
    private readonly List<Channel<Answer>> _followers = [];
    private bool _ended;

    /// <summary>Passes an answer on; never waits.</summary>
    public void Publish(Answer answer)
    {
        lock (_lock)
        {
            foreach (var follower in _followers) follower.Writer.TryWrite(answer);
        }
    }

    /// <summary>Says that no answer comes any more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            foreach (var follower in _followers) follower.Writer.TryComplete();
        }
    }

    /// <summary>The answers from now on; completes when the run ends.</summary>
    public ChannelReader<Answer> Follow()
    {
        var channel = Channel.CreateUnbounded<Answer>(new UnboundedChannelOptions { SingleReader = true });
        lock (_lock)
        {
            if (_ended) channel.Writer.TryComplete();
            else _followers.Add(channel);
        }

        return channel.Reader;
    }

    /// <summary>Passes nothing more on to a follower.</summary>
    public void Leave(ChannelReader<Answer> reader)
    {
        lock (_lock)
        {
            foreach (var follower in _followers.Where(follower => follower.Reader == reader)) follower.Writer.TryComplete();
            _followers.RemoveAll(follower => follower.Reader == reader);
        }
    }
}
