using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Runs;

/// <summary>The wish, written into a store that several processes share, that each of them stops its work on a run.</summary>
internal static class StopWish
{
    /// <summary>The kind of its event.</summary>
    public const string Kind = "stop_wanted";

    // Each hears of it within seconds, and gives replies under way their grace.
    private static readonly TimeSpan Patience = RunSession.Grace + TimeSpan.FromSeconds(35), Interval = TimeSpan.FromSeconds(0.5);

    // Who leaves a run says how it ended just after that.
    private const int MostLooks = 10;

    /// <summary>Writes it; false when no other process works on the run.</summary>
    public static async Task<bool> SendAsync(ResultStore store, RunInfo run, CancellationToken cancellationToken)
    {
        if (!store.IsShared || await store.CountOthersAsync(run.Id, cancellationToken).ConfigureAwait(false) == 0) return false;
        var words = $"All who work on the run are asked to stop, by {ProgramIdentity.Machine}.";
        await store.WriteUnlessGoneAsync(write => write.AddEvent(run.Id, Kind, words), cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Waits until nobody else works on the run, and until it says how it ended.</summary>
    /// <exception cref="RunRefusedException">Somebody goes on with it.</exception>
    public static async Task WaitAsync(ResultStore store, RunInfo run, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var begun = time.GetTimestamp(); await store.CountOthersAsync(run.Id, cancellationToken).ConfigureAwait(false) > 0;)
        {
            if (time.GetElapsedTime(begun) > Patience)
            {
                throw new RunRefusedException(
                    $"Run {run.Id} was asked to stop, and is still worked on by {string.Join(", ", store.FindWorkers(run))}. "
                    + "An older version does not hear of it, nor does one that is cut off: end it where it runs (Ctrl+C, SIGTERM).");
            }

            await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
        }

        for (var looks = 0; looks < MostLooks && store.FindRun(run.Id)?.Status == RunStatus.Running; looks++)
            await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
    }
}
