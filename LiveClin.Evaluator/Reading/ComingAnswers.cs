using System.Diagnostics;
using System.Runtime.CompilerServices;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Reading;

/// <summary>
/// The answers that any process adds to runs of a store, found by looking again: what was not there at the last look is new, whatever the
/// clocks of the machines say and however long an answer waited for a database that was gone.
/// </summary>
internal sealed class ComingAnswers : IComingAnswers
{
    // Looking is the store's work: it takes a twentieth of the time at most.
    private const int Share = 20;
    private readonly ResultStore _store;
    private readonly RunPresence _presence;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, HashSet<AnswerKey>> _known;
    private string? _version;
    private int _left;

    /// <summary>Follows from now on: what is stored before is read from the store afterwards, and nothing falls between.</summary>
    public ComingAnswers(ResultStore store, IReadOnlyList<string> runIds, TimeProvider time)
    {
        (_store, _time, _presence) = (store, time, new RunPresence(store, time));
        _known = runIds.ToDictionary(id => id, id => store.GetAnswerKeys(id).ToHashSet(), StringComparer.Ordinal);
        CountActive(); // who works on them now counts as there for a while, whatever becomes of the database
    }

    public IEnumerable<string> RunIds => _known.Keys;

    public bool HasMore => _left > 0;

    public async IAsyncEnumerable<(string RunId, Answer Answer)> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var active = true;
        for (var pause = StoreRpc.LookInterval; active;)
        {
            // Asked before the answers are read: those of a run that ends meanwhile are among them.
            active = await ReadAsync(CountActive, cancellationToken) > 0;
            if (active) await Task.Delay(pause, _time, cancellationToken);
            var clock = Stopwatch.StartNew();
            var found = await ReadAsync(FindNew, cancellationToken);
            pause = _store.RestAfter(clock.Elapsed, Share, StoreRpc.LookInterval);
            _left = found.Count;
            foreach (var (runId, key) in found)
            {
                _left--;
                var conversation = await ReadAsync(() => _store.GetConversation(runId, key.Epoch, key.CaseOrdinal), cancellationToken);
                // A failure that has become a reply meanwhile comes at the next look.
                if (conversation.FirstOrDefault(answer => AnswerKey.Of(answer) == key) is { } answer) yield return (runId, answer);
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private int CountActive() => _known.Keys.Count(id => _store.FindRun(id) is { } run && _presence.IsWorkedOn(run));

    private List<(string RunId, AnswerKey Key)> FindNew()
    {
        // Taken before the look: what is written meanwhile is looked for again.
        var version = _store.FindVersion();
        if (version is not null && version == _version) return [];
        var stored = _known.Keys.Select(id => (Id: id, Keys: _store.GetAnswerKeys(id))).ToList();
        _version = version;
        return [.. stored.SelectMany(run => run.Keys.Where(_known[run.Id].Add).Select(key => (run.Id, key)))];
    }

    private Task<T> ReadAsync<T>(Func<T> read, CancellationToken cancellationToken) =>
        _store.ReadPatientlyAsync(read, _time, cancellationToken);
}
