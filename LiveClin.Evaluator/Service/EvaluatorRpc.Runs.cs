using Google.Rpc;
using Grpc.Core;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Runs;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Service;

internal sealed partial class EvaluatorRpc
{
    private const int DefaultPage = 100;
    private const int LargestPage = 1000;

    public override async Task<V1.StartRunResponse> StartRun(V1.StartRunRequest request, ServerCallContext context)
    {
        var started = await runs.StartAsync(new RunRequests(releases).Read(request), context.CancellationToken);
        return new V1.StartRunResponse { Run = Describe(started.Run, started.Session), Started = started.Started, Resumed = started.Resumed, NothingToAsk = started.NothingToAsk };
    }

    public override async Task<V1.PlanRunResponse> PlanRun(V1.PlanRunRequest request, ServerCallContext context)
    {
        var plan = await runs.PlanAsync(new RunRequests(releases).ReadPlan(request), context.CancellationToken);
        var response = new V1.PlanRunResponse { Progress = runs.Count(plan).ToMessage(), QuestionsToAsk = plan.QuestionsToAsk, Estimate = RunEstimate.Of(plan, store).ToMessage() };
        if (store.FindRun(plan.Run.Id) is { } run) response.Run = Describe(run);
        return response;
    }

    public override Task<V1.GetRunResponse> GetRun(V1.GetRunRequest request, ServerCallContext context)
    {
        var run = files.RequireRun(request.RunId);
        var message = Describe(run);
        message.IdentityJson = run.Specification.IdentityText;
        message.Events.AddRange(store.GetEvents(message.Id).Select(noted => noted.ToMessage()));
        return Task.FromResult(new V1.GetRunResponse { Run = message });
    }

    public override async Task<V1.UpdateRunResponse> UpdateRun(V1.UpdateRunRequest request, ServerCallContext context)
    {
        var run = files.RequireRun(request.RunId);
        if (request.AddTags.Any(tag => !RunTags.IsValid(tag))) throw RpcErrors.Invalid("add_tags", RunTags.Rule);
        await store.WriteAsync(write =>
        {
            if (request.HasChosen) write.SetChosen(run.Id, request.Chosen);
            if (request.HasHidden) write.SetHidden(run.Id, request.Hidden);
            if (request.AddTags.Count + request.RemoveTags.Count > 0) write.SetTags(run.Id, RunTags.Change(run.Tags, request.AddTags, request.RemoveTags));
        });
        return new V1.UpdateRunResponse { Run = Describe(store.FindRun(run.Id)!) };
    }

    public override async Task<V1.DeleteRunResponse> DeleteRun(V1.DeleteRunRequest request, ServerCallContext context)
    {
        var run = files.RequireRun(request.RunId);
        if (run.Id != request.RunId) throw RpcErrors.Invalid("run_id", $"must be the whole identifier ({run.Id}): nothing is deleted by an abbreviation.");
        var described = Describe(run);
        if (!await runs.DeleteAsync(run.Id, context.CancellationToken))
            throw RpcErrors.Because(Code.FailedPrecondition, "RUN_UNDER_WAY", $"Run {run.Id} is under way. Cancel it first.");
        return new V1.DeleteRunResponse { Run = described };
    }

    public override Task<V1.ListRunsResponse> ListRuns(V1.ListRunsRequest request, ServerCallContext context)
    {
        if (request.PageSize is < 0 or > LargestPage) throw RpcErrors.Invalid("page_size", $"must be 1 to {LargestPage}, or 0 for {DefaultPage}.");
        var found = store.ListRuns()
            .Where(run => !request.HasModel || run.Specification.Model == request.Model)
            .Where(run => !request.HasRelease || run.Specification.ReleaseName == request.Release || run.Specification.ReleaseSha256 == request.Release)
            .Where(run => request.Status == V1.RunStatus.Unspecified || EnumByName<V1.RunStatus>.Of(run.Status) == request.Status)
            .ToList();
        // The token is the last run of the page before: new runs come in at the top and shift nothing.
        var start = request.PageToken.Length == 0 ? 0 : 1 + found.FindIndex(run => run.Id == request.PageToken);
        if (start == 0 && request.PageToken.Length > 0) throw RpcErrors.Invalid("page_token", "is not one that this call returned for these filters.");
        var page = found.Skip(start).Take(request.PageSize == 0 ? DefaultPage : request.PageSize).ToList();
        var labels = Labels();
        var response = new V1.ListRunsResponse { Runs = { page.Select(run => Describe(run, labels)) } };
        if (page.Count > 0 && start + page.Count < found.Count) response.NextPageToken = page[^1].Id;
        return Task.FromResult(response);
    }

    public override async Task WatchRun(V1.WatchRunRequest request, IServerStreamWriter<V1.WatchRunResponse> responseStream, ServerCallContext context)
    {
        using var stop = LinkToStop(context);
        var run = files.RequireRun(request.RunId);
        // Looked for before the snapshot is taken, so that an end between the two is seen.
        var session = runs.Find(run.Id);
        await responseStream.WriteAsync(new V1.WatchRunResponse { Snapshot = Describe(store.FindRun(run.Id)!, runs.LastOf(run.Id)) }, stop.Token);
        if (session is null) return;
        while (!session.Completion.IsCompleted)
        {
            var changed = session.Changed;
            await Task.WhenAny(changed, session.Completion).WaitAsync(stop.Token);
            if (session.Completion.IsCompleted) break;
            await responseStream.WriteAsync(new V1.WatchRunResponse { Progress = session.Progress.ToMessage() }, stop.Token);
            // What changes meanwhile is in the next message; the end is not waited for.
            await Task.WhenAny(session.Completion, Task.Delay(WatchInterval, stop.Token));
        }

        await responseStream.WriteAsync(new V1.WatchRunResponse { Ended = Describe(store.FindRun(run.Id)!, session) }, stop.Token);
    }

    public override async Task<V1.CancelRunResponse> CancelRun(V1.CancelRunRequest request, ServerCallContext context)
    {
        var run = files.RequireRun(request.RunId);
        await runs.StopAsync(run.Id).WaitAsync(context.CancellationToken);
        return new V1.CancelRunResponse { Run = Describe(store.FindRun(run.Id)!, runs.LastOf(run.Id)) };
    }

    public override async Task<V1.ResumeRunResponse> ResumeRun(V1.ResumeRunRequest request, ServerCallContext context)
    {
        var run = files.RequireRun(request.RunId);
        var release = store.FindRelease(run.Specification.ReleaseSha256)!;
        return new V1.ResumeRunResponse { Run = Describe(await runs.ResumeAsync(new RunRequests(releases).Read(request, run, release), context.CancellationToken)) };
    }

    private static TimeSpan WatchInterval { get; } = TimeSpan.FromMilliseconds(250);

    private IReadOnlyDictionary<string, string> Labels() => RunLabels.ByIdentity(store.ListRuns());

    private V1.Run Describe(RunInfo run, RunSession? session = null) => Describe(run, Labels(), session);

    /// <param name="run">The run.</param>
    /// <param name="labels">Labels by identity.</param>
    /// <param name="asked">Whose target the progress speaks of, when it is not the run's own.</param>
    private V1.Run Describe(RunInfo run, IReadOnlyDictionary<string, string> labels, RunSession? asked = null)
    {
        var active = runs.Find(run.Id);
        var session = active ?? asked;
        var tally = store.Tally(run);
        var label = labels.GetValueOrDefault(run.Specification.Identity, run.Specification.Model);
        var message = run.ToMessage(label, tally, session?.Progress.ToMessage() ?? tally.ToMessage(), active: active is not null);
        if (runs.VisionOf(run.Id) is { } seen) message.VisionCheck = seen.ToMessage();
        return message;
    }
}
