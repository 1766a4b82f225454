using Grpc.Core;

namespace LiveClin.Evaluator.Service;

internal sealed partial class EvaluatorRpc
{
    private const int DefaultPage = 100;
    private const int LargestPage = 1000;

    public override Task<V1.GetRunResponse> GetRun(V1.GetRunRequest request, ServerCallContext context)
    {
        var run = RequireRun(request.RunId);
        var message = Describe(run);
        message.Events.AddRange(store.GetEvents(run.Id).Select(noted => noted.ToMessage()));
        return Task.FromResult(new V1.GetRunResponse { Run = message });
    }

    public override Task<V1.ListRunsResponse> ListRuns(V1.ListRunsRequest request, ServerCallContext context)
    {
        if (request.PageSize is < 0 or > LargestPage) throw RpcErrors.Invalid("page_size", $"must be 1 to {LargestPage}, or 0 for {DefaultPage}.");
        var runs = store.ListRuns()
            .Where(run => !request.HasModel || run.Specification.Model == request.Model)
            .Where(run => !request.HasRelease || run.Specification.ReleaseName == request.Release || run.Specification.ReleaseSha256 == request.Release)
            .Where(run => request.Status == V1.RunStatus.Unspecified || (int)run.Status == (int)request.Status - 1)
            .ToList();
        // The token is the last run of the page before: new runs come in at the top and shift nothing.
        var start = request.PageToken.Length == 0 ? 0 : 1 + runs.FindIndex(run => run.Id == request.PageToken);
        if (start == 0 && request.PageToken.Length > 0) throw RpcErrors.Invalid("page_token", "is not one that this call returned for these filters.");
        var page = runs.Skip(start).Take(request.PageSize == 0 ? DefaultPage : request.PageSize).ToList();
        var response = new V1.ListRunsResponse { Runs = { page.Select(Describe) } };
        if (page.Count > 0 && start + page.Count < runs.Count) response.NextPageToken = page[^1].Id;
        return Task.FromResult(response);
    }

    private V1.Run Describe(Core.Results.RunInfo run) => run.ToMessage(store.Tally(run), active: false);
}
