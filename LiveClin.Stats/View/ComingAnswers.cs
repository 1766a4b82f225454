using System.Runtime.CompilerServices;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Reading;

namespace LiveClin.Stats.View;

/// <summary>The answers that another process adds to runs of a store, found by looking again.</summary>
internal sealed class ComingAnswers(ResultStore store, IReadOnlyList<string> runIds, Func<RunInfo, bool> isActive, TimeProvider time)
    : IComingAnswers
{
    // Answers under way are stored in the order in which they come, give or take.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);
    private readonly DateTimeOffset _from = time.GetUtcNow();
    private int _left;

    public IEnumerable<string> RunIds => runIds;

    public bool HasMore => _left > 0;

    public async IAsyncEnumerable<(string RunId, Answer Answer)> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var from = _from - Overlap;
        var seen = new HashSet<(string, int, int, int, DateTimeOffset)>();
        var active = true;
        while (active)
        {
            // Asked before the answers are read: those of a run that ends meanwhile are among them.
            active = runIds.Any(id => store.FindRun(id) is { } run && isActive(run));
            if (active) await Task.Delay(ViewRpc.Interval, time, cancellationToken);
            var looked = time.GetUtcNow();
            var found = runIds.SelectMany(id => store.GetAnswers(id, from).Select(answer => (id, answer)))
                .Where(item => seen.Add((item.id, item.answer.Epoch, item.answer.CaseOrdinal, item.answer.QuestionIndex,
                    item.answer.CompletedAt)))
                .ToList();
            _left = found.Count;
            foreach (var item in found)
            {
                _left--;
                yield return item;
            }

            from = looked - Overlap;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
