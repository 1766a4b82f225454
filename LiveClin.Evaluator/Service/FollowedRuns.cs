using System.Threading.Channels;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Reading;

namespace LiveClin.Evaluator.Service;

/// <summary>The coming answers of several runs as one sequence that ends when all of them have ended.</summary>
internal sealed class FollowedRuns : IComingAnswers
{
    private readonly List<(string RunId, AnswerFeed Feed, ChannelReader<Answer> Reader)> _runs = [];
    private readonly Channel<(string RunId, Answer Answer)> _merged = Channel.CreateUnbounded<(string, Answer)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _pumps;

    /// <summary>Follows from now on: what is stored before is read from the store afterwards, and nothing falls between.</summary>
    public FollowedRuns(IEnumerable<(string RunId, AnswerFeed? Feed)> runs)
    {
        foreach (var (runId, feed) in runs)
            if (feed is not null)
                _runs.Add((runId, feed, feed.Follow()));
        _pumps = Task.WhenAll(_runs.Select(run => PumpAsync(run.RunId, run.Reader)))
            .ContinueWith(_ => _merged.Writer.TryComplete(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>The runs that are followed.</summary>
    public IEnumerable<string> RunIds => _runs.Select(run => run.RunId);

    /// <summary>True when another answer is there without waiting.</summary>
    public bool HasMore => _merged.Reader.TryPeek(out _);

    public IAsyncEnumerable<(string RunId, Answer Answer)> ReadAllAsync(CancellationToken cancellationToken) => _merged.Reader.ReadAllAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, feed, reader) in _runs) feed.Leave(reader);
        await _pumps;
    }

    private async Task PumpAsync(string runId, ChannelReader<Answer> reader)
    {
        await foreach (var answer in reader.ReadAllAsync()) _merged.Writer.TryWrite((runId, answer));
    }
}
