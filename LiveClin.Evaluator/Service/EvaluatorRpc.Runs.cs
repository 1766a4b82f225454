using Google.Rpc;
using Grpc.Core;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Reading;
using LiveClin.Evaluator.Runs;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Service;

internal sealed partial class EvaluatorRpc
{
    public override async Task<V1.StartRunResponse> StartRun(V1.StartRunRequest request, ServerCallContext context)
    {
        var started = await runs.StartAsync(new RunRequests(releases).Read(request), context.CancellationToken);
        return new V1.StartRunResponse
        {
            Run = Describe(started.Run, started.Session),
            Started = started.Started,
            Resumed = started.Resumed,
            NothingToAsk = started.NothingToAsk,
        };
    }

    public override async Task<V1.PlanRunResponse> PlanRun(V1.PlanRunRequest request, ServerCallContext context)
    {
        var wanted = new RunRequests(releases).ReadPlan(request);
        var plan = await runs.PlanAsync(wanted, context.CancellationToken);
        var estimate = RunEstimate.Of(plan, Store).ToMessage(wanted.Price);
        var response = new V1.PlanRunResponse
        {
            Progress = runs.Count(plan).ToMessage(),
            QuestionsToAsk = plan.QuestionsToAsk,
            Estimate = estimate,
        };
        if (Store.FindRun(plan.Run.Id) is { } run) response.Run = Describe(run);
        return response;
    }

    public override async Task<V1.UpdateRunResponse> UpdateRun(V1.UpdateRunRequest request, ServerCallContext context)
    {
        var run = Files.RequireRun(request.RunId);
        if (request.AddTags.Any(tag => !RunTags.IsValid(tag))) throw RpcErrors.Invalid("add_tags", RunTags.Rule);
        if (request is { HasName: true, Name.Length: > 0 } && !RunNames.IsValid(request.Name))
            throw RpcErrors.Invalid("name", RunNames.Rule);
        await Store.WriteAsync(write =>
        {
            if (request.HasName) write.SetName(run.Id, request.Name.Length == 0 ? null : request.Name);
            if (request.HasChosen) write.SetChosen(run.Id, request.Chosen);
            if (request.HasHidden) write.SetHidden(run.Id, request.Hidden);
            if (request.AddTags.Count + request.RemoveTags.Count > 0)
                write.SetTags(run.Id, RunTags.Change(run.Tags, request.AddTags, request.RemoveTags));
        });
        return new V1.UpdateRunResponse { Run = Describe(Store.FindRun(run.Id)!) };
    }

    public override async Task<V1.DeleteRunResponse> DeleteRun(V1.DeleteRunRequest request, ServerCallContext context)
    {
        var run = Files.RequireRun(request.RunId);
        if (run.Id != request.RunId)
            throw RpcErrors.Invalid("run_id", $"must be the whole identifier ({run.Id}): nothing is deleted by an abbreviation.");
        var described = Describe(run);
        if (!await runs.DeleteAsync(run.Id, context.CancellationToken))
        {
            var workers = Store.IsShared ? Store.FindWorkers(run) : [];
            var by = workers.Count > 0 ? $" at {string.Join(", ", workers)}" : "";
            throw RpcErrors.Because(Code.FailedPrecondition, "RUN_UNDER_WAY", $"Run {run.Id} is under way{by}. Cancel it first.");
        }

        return new V1.DeleteRunResponse { Run = described };
    }

    public override async Task WatchRun(V1.WatchRunRequest request, IServerStreamWriter<V1.WatchRunResponse> responseStream,
        ServerCallContext context)
    {
        using var stop = LinkToStop(context);
        var run = Files.RequireRun(request.RunId);
        // Looked for before the snapshot is taken, so that an end between the two is seen.
        var session = runs.Find(run.Id);
        if (session is null && Store.IsShared && Store.IsWorkedOn(run))
        {
            await WatchOthersAsync(run.Id, responseStream, stop.Token);
            return;
        }

        await responseStream.WriteAsync(new V1.WatchRunResponse { Snapshot = Describe(Store.FindRun(run.Id)!, runs.LastOf(run.Id)) },
            stop.Token);
        if (session is null) return;
        for (var changed = session.Changed; !session.Completion.IsCompleted;)
        {
            await Task.WhenAny(changed, session.Completion).WaitAsync(stop.Token);
            if (session.Completion.IsCompleted) break;
            // A write that is cancelled would abort the call without a word of why.
            stop.Token.ThrowIfCancellationRequested();
            // Before the progress is read: what changes from here on has a message of its own, even when nothing follows on it for long.
            changed = session.Changed;
            await responseStream.WriteAsync(new V1.WatchRunResponse { Progress = session.Progress.ToMessage() }, stop.Token);
            // What changes meanwhile is in the next message; the end is not waited for.
            await Task.WhenAny(session.Completion, Task.Delay(WatchInterval, stop.Token));
        }

        await responseStream.WriteAsync(new V1.WatchRunResponse { Ended = Describe(Store.FindRun(run.Id)!, session) }, stop.Token);
    }

    public override async Task<V1.CancelRunResponse> CancelRun(V1.CancelRunRequest request, ServerCallContext context)
    {
        var run = Files.RequireRun(request.RunId);
        var loss = RunRequests.ReadLoss(request.ServerLoss);
        // What has happened to one process's server is no concern of the others.
        if (request.OnlyHere || loss is not null) await runs.StopAsync(run.Id, loss).WaitAsync(context.CancellationToken);
        else await runs.StopEverywhereAsync(run, context.CancellationToken);
        var verdict = request.ServerLoss is null ? null : runs.LastOf(run.Id)?.Verdict;
        return new V1.CancelRunResponse
        {
            Run = Describe(Store.FindRun(run.Id)!, runs.LastOf(run.Id)),
            AtSuspects = verdict is { IsAtSuspects: true },
            FoundCause = verdict is { Guilty: not null },
        };
    }

    public override async Task<V1.ResumeRunResponse> ResumeRun(V1.ResumeRunRequest request, ServerCallContext context)
    {
        var run = Files.RequireRun(request.RunId);
        var release = Store.FindRelease(run.Specification.ReleaseSha256)!;
        var wanted = new RunRequests(releases).Read(request, run, release, RecordedLimit.Find(Store.GetEvents(run.Id)));
        return new V1.ResumeRunResponse { Run = Describe(await runs.ResumeAsync(wanted, context.CancellationToken)) };
    }

    protected override IComingAnswers Follow(IReadOnlyList<string> runIds) =>
        Store.IsShared ? new ComingAnswers(Store, runIds, Time) : new FollowedRuns(Store, runIds.Select(id => (id, runs.FeedOf(id))));

    private static TimeSpan WatchInterval { get; } = TimeSpan.FromMilliseconds(250);

    private V1.Run Describe(RunInfo run, RunSession? session = null) => Describe(run, Labels(), session);

    protected override V1.Run Describe(RunInfo run, IReadOnlyDictionary<string, string> labels) => Describe(run, labels, asked: null);

    /// <param name="run">The run.</param>
    /// <param name="labels">Labels by identity.</param>
    /// <param name="asked">Whose target the progress speaks of, when it is not the run's own.</param>
    private V1.Run Describe(RunInfo run, IReadOnlyDictionary<string, string> labels, RunSession? asked)
    {
        var active = runs.Find(run.Id);
        var session = active ?? asked;
        var tally = Store.Tally(run);
        var label = labels.GetValueOrDefault(run.Specification.Identity, run.Specification.Model);
        var isActive = active is not null || (Store.IsShared && Store.IsWorkedOn(run));
        var message = run.ToMessage(label, tally, session?.Progress.ToMessage() ?? tally.ToMessage(), isActive);
        if (runs.VisionOf(run.Id) is { } seen) message.VisionCheck = seen.ToMessage();
        if (runs.LastOf(run.Id) is not { IsRefused: true } last) return message;
        message.Refused = true;
        // Stored is that the run is complete as far as it was wanted before; who asked for more is told how that ended.
        if (!run.Target.Contains(last.Target) && last.Completion is { IsCompletedSuccessfully: true, Result: var end })
            (message.Status, message.StatusReason) = (EnumByName<V1.RunStatus>.Of(end.Status), end.StatusReason ?? "");
        return message;
    }
}
