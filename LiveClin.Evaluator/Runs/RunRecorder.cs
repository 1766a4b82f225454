using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Runs;

/// <summary>Puts the beginning and the continuation of runs on record.</summary>
internal sealed class RunRecorder(ResultStore store, ILogger logger)
{
    /// <summary>Writes that a run begins or goes on.</summary>
    /// <param name="planned">The run.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="cancellationToken">A database that is gone is waited for no longer.</param>
    /// <returns>False when another evaluator has begun the run meanwhile, and this one is to join it.</returns>
    public async Task<bool> RecordAsync(PlannedRun planned, RunRequest request, CancellationToken cancellationToken)
    {
        var isRecorded = false;
        await store.WriteUnlessGoneAsync(
            write =>
            {
                isRecorded = planned.Existing is not null || request.Fresh || write.IsNew(planned.Plan.Run.Specification.Identity);
                if (isRecorded) Record(write, planned, request);
            },
            cancellationToken).ConfigureAwait(false);
        return isRecorded;
    }

    private void Record(StoreTransaction write, PlannedRun planned, RunRequest request)
    {
        var run = planned.Plan.Run;
        if (planned.Existing is not { } existing)
        {
            write.AddRelease(planned.Whole);
            write.AddRun(run, request.IdempotencyKey);
            PutRequest(write, run, request);
            RecordedLimit.Put(write, run.Id, request, []);
            write.PutRunCases(run.Id, planned.Plan.Asked.RunCases);
            if (request.Fresh) write.Supersede(run.Id);
            return;
        }

        write.WidenTarget(run.Id, run.Target);
        write.SetStatus(run.Id, RunStatus.Running, null, null);
        PutRequest(write, run, request);
        RecordedLimit.Put(write, run.Id, request, store.GetEvents(run.Id));
        var more = run.Target == existing.Target
            ? ""
            : $" The target is now {run.Target.Describe()} (before: {existing.Target.Describe()}).";
        write.AddEvent(run.Id, "resumed",
            $"Continued by version {ProgramIdentity.Version}; what is left is to be asked at {run.Specification.Endpoint}.{more}");
        if (run.ProgramVersion == ProgramIdentity.Version && run.GitCommit == ProgramIdentity.GitCommit) return;
        var change = $"Begun with version {run.ProgramVersion} ({run.GitCommit ?? "no commit"}), "
            + $"continued with {ProgramIdentity.Version} ({ProgramIdentity.GitCommit ?? "no commit"}).";
        write.AddEvent(run.Id, "version_changed", change);
        RunLog.VersionChanged(logger, run.Id, change);
    }

    /// <summary>Keeps what a caller's key stands for.</summary>
    public static void PutRequest(StoreTransaction write, RunInfo run, RunRequest request)
    {
        if (request is { IdempotencyKey: { } key, Sha256: { } sha256 }) write.PutStartRequest(run.Id, key, sha256);
    }
}
