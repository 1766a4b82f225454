using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Runs;

/// <summary>How runs stand when the work on them ends, and the record of it.</summary>
internal sealed class RunEndings(ResultStore store, TimeProvider time, ILogger logger)
{
    /// <summary>
    /// The status that a run has earned: how it stands to its own target, which may be larger than what was asked for now.
    /// </summary>
    public RunEnd Of(RunInfo run)
    {
        // Another evaluator may have been asked for more meanwhile.
        var tally = store.Tally(store.IsShared ? store.FindRun(run.Id) ?? run : run);
        if (tally.IsComplete) return new RunEnd(RunStatus.Completed, null);
        return tally.QuestionsDone == tally.Questions
            ? new RunEnd(RunStatus.EndedWithFailures, $"{tally.QuestionsFailed} of {tally.Questions} questions have no reply.")
            : new RunEnd(
                RunStatus.Cancelled,
                $"{tally.Questions - tally.QuestionsDone} of the {tally.Questions} questions that were asked for earlier are still open.");
    }

    /// <summary>The same; a database that is gone is waited for.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<RunEnd> OfAsync(RunInfo run, CancellationToken cancellationToken) =>
        store.ReadPatientlyAsync(() => Of(run), time, cancellationToken);

    /// <summary>Writes how the work on a run ended.</summary>
    /// <param name="run">The run.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="givingUp">A database that is gone is waited for no longer.</param>
    /// <returns>The run as it stands now.</returns>
    public async Task<RunInfo> StoreAsync(RunInfo run, RunEnd end, CancellationToken givingUp)
    {
        var finished = time.GetUtcNow();
        try
        {
            end = await WriteAsync(run, end, finished, givingUp).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            RunLog.StatusNotStored(logger, run.Id, "the store's server cannot be reached.");
        }
        catch (StoreException error)
        {
            // The answers up to here are safe; a run left as "running" can be continued like any other.
            RunLog.StatusNotStored(logger, run.Id, error.Message);
            end = new RunEnd(RunStatus.Failed, error.Message);
        }

        return run with { Status = end.Status, StatusReason = end.Reason, FinishedAt = finished };
    }

    // Of several evaluators the last one says how the run ended; one that leaves others at work only notes that it left.
    private async Task<RunEnd> WriteAsync(RunInfo run, RunEnd end, DateTimeOffset finished, CancellationToken givingUp)
    {
        await store.LeaveRunAsync(run.Id).ConfigureAwait(false);
        var others = end.Status == RunStatus.Completed ? 0 : await store.CountOthersAsync(run.Id, givingUp).ConfigureAwait(false);
        // Whatever went wrong here, the others may have finished it.
        if (others == 0 && end.Status != RunStatus.Completed && store.IsShared && Of(run) is { Status: RunStatus.Completed } earned)
            end = earned;
        await store.WriteUnlessGoneAsync(
            write =>
            {
                if (others == 0 && end.Before is { } before) PutBack(write, before, run.Target, end, finished);
                else if (others == 0) write.SetStatus(run.Id, end.Status, end.Reason, finished);
                else write.AddEvent(run.Id, "evaluator_left", $"{end.Reason} Left by {ProgramIdentity.Machine}; others go on.");
            },
            givingUp).ConfigureAwait(false);
        await store.CheckpointAsync().ConfigureAwait(false); // a plain copy of the store's file has the whole run from now on
        return end;
    }

    // What was refused changes no target, and a run that was complete stays so.
    private void PutBack(StoreTransaction write, RunInfo before, RunTarget asked, RunEnd end, DateTimeOffset finished)
    {
        // Another evaluator may have been asked for more meanwhile, and have left.
        if (store.FindRun(before.Id)?.Target == asked) write.SetTarget(before.Id, before.Target);
        if (before.Status is RunStatus.Completed or RunStatus.EndedWithFailures)
            write.SetStatus(before.Id, before.Status, before.StatusReason, before.FinishedAt);
        else write.SetStatus(before.Id, end.Status, end.Reason, finished);
        write.AddEvent(before.Id, "refused", end.Reason ?? "");
    }
}
