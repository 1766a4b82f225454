using System.Runtime.CompilerServices;
using System.Threading.Channels;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Reading;

namespace LiveClin.Evaluator.Service;

/// <summary>
/// The coming answers of several runs as one sequence that ends when all of them have ended. A follower that does not read holds the
/// texts of some of them only; the others are read from the store when their turn comes.
/// </summary>
internal sealed class FollowedRuns : IComingAnswers
{
    /// <summary>Most answers that are held with their texts.</summary>
    public const int MostHeld = 256;

    private readonly List<(string RunId, AnswerFeed Feed, ChannelReader<Answer> Reader)> _runs = [];
    private readonly Channel<Coming> _merged = Channel.CreateUnbounded<Coming>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ResultStore _store;
    private readonly Task _pumps;
    private int _held;

    /// <summary>Follows from now on: what is stored before is read from the store afterwards, and nothing falls between.</summary>
    public FollowedRuns(ResultStore store, IEnumerable<(string RunId, AnswerFeed? Feed)> runs)
    {
        _store = store;
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

    /// <summary>Answers that are held with their texts now.</summary>
    public int Held => Volatile.Read(ref _held);

    public async IAsyncEnumerable<(string RunId, Answer Answer)> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var coming in _merged.Reader.ReadAllAsync(cancellationToken))
        {
            if (coming.Answer is not null) Interlocked.Decrement(ref _held);
            // It was stored before it was announced.
            var answer = coming.Answer ?? _store.GetAnswers(coming.RunId, coming.CaseOrdinal)
                .FirstOrDefault(stored => stored.Epoch == coming.Epoch && stored.QuestionIndex == coming.QuestionIndex);
            if (answer is not null) yield return (coming.RunId, answer);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, feed, reader) in _runs) feed.Leave(reader);
        await _pumps;
    }

    private async Task PumpAsync(string runId, ChannelReader<Answer> reader)
    {
        await foreach (var answer in reader.ReadAllAsync())
        {
            var isHeld = Interlocked.Increment(ref _held) <= MostHeld;
            if (!isHeld) Interlocked.Decrement(ref _held);
            _merged.Writer.TryWrite(new Coming(runId, answer.Epoch, answer.CaseOrdinal, answer.QuestionIndex, isHeld ? answer : null));
        }
    }

    private readonly record struct Coming(string RunId, int Epoch, int CaseOrdinal, int QuestionIndex, Answer? Answer);
}
