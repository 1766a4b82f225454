using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Reading;

/// <summary>
/// Whether somebody goes on working on runs. A database that restarts takes the presence of every evaluator with it, until they are back
/// some seconds later: a run that was worked on counts as such until a little after the database is back, however long that takes.
/// </summary>
internal sealed class RunPresence(ResultStore store, TimeProvider time)
{
    // Evaluators look every five seconds for a database that is gone.
    private static readonly TimeSpan Return = TimeSpan.FromSeconds(15);
    private readonly Dictionary<string, long> _lastSeen = new(StringComparer.Ordinal);

    public bool IsWorkedOn(RunInfo run)
    {
        if (store.IsWorkedOn(run))
        {
            _lastSeen[run.Id] = time.GetTimestamp();
            return true;
        }

        return store.IsShared && run.Status == RunStatus.Running && _lastSeen.TryGetValue(run.Id, out var seen)
            && (time.GetElapsedTime(seen) < Return || store.WasAwayWithin(Return));
    }
}
