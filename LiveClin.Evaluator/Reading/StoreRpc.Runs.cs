using Grpc.Core;
using LiveClin.Core.Exchange;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Reading;

internal abstract partial class StoreRpc
{
    private const int DefaultPage = 100;
    private const int LargestPage = 1000;

    public override Task<V1.GetRunResponse> GetRun(V1.GetRunRequest request, ServerCallContext context)
    {
        var run = Files.RequireRun(request.RunId);
        var message = Describe(run, Labels());
        message.IdentityJson = run.Specification.IdentityText;
        message.Events.AddRange(Store.GetEvents(message.Id).Select(noted => noted.ToMessage()));
        message.Environments.AddRange(Store.GetEnvironments(message.Id).Select(recorded => recorded.ToMessage()));
        return Task.FromResult(new V1.GetRunResponse { Run = message });
    }

    public override Task<V1.ListRunsResponse> ListRuns(V1.ListRunsRequest request, ServerCallContext context)
    {
        if (request.PageSize is < 0 or > LargestPage)
            throw RpcErrors.Invalid("page_size", $"must be 1 to {LargestPage}, or 0 for {DefaultPage}.");
        var found = Store.ListRuns()
            .Where(run => !request.HasModel || run.Specification.Model == request.Model)
            .Where(run => !request.HasRelease || run.Specification.ReleaseName == request.Release
                || run.Specification.ReleaseSha256 == request.Release)
            .Where(run => request.Status == V1.RunStatus.Unspecified || EnumByName<V1.RunStatus>.Of(run.Status) == request.Status)
            .ToList();
        // The token is the last run of the page before: new runs come in at the top and shift nothing.
        var start = request.PageToken.Length == 0 ? 0 : 1 + found.FindIndex(run => run.Id == request.PageToken);
        if (start == 0 && request.PageToken.Length > 0)
            throw RpcErrors.Invalid("page_token", "is not one that this call returned for these filters.");
        var page = found.Skip(start).Take(request.PageSize == 0 ? DefaultPage : request.PageSize).ToList();
        var labels = Labels();
        var response = new V1.ListRunsResponse { Runs = { page.Select(run => Describe(run, labels)) } };
        if (start == 0) response.Damaged.AddRange(Store.FindDamagedRuns().Select(damage => damage.ToString()));
        // Who looks at a list must see which results come from more than one server.
        var moved = Store.FindEvents(RunEvent.EndpointChanged);
        foreach (var run in response.Runs) run.Events.AddRange(moved[run.Id].Select(noted => noted.ToMessage()));
        if (page.Count > 0 && start + page.Count < found.Count) response.NextPageToken = page[^1].Id;
        return Task.FromResult(response);
    }

    public override async Task ExportRun(V1.ExportRunRequest request, IServerStreamWriter<V1.ExportRunResponse> responseStream,
        ServerCallContext context)
    {
        using var stop = LinkToStop(context);
        var format = EnumByName<ExportFormat>.Find(request.Format);
        using var export = await Files.ExportAsync(request.RunId, format, request.HasEpoch ? request.Epoch : null, stop.Token);
        await using var file = File.OpenRead(export.Path);
        await FileStreaming.SendAsync(
            file, responseStream,
            (data, first) => first
                ? new V1.ExportRunResponse
                {
                    MediaType = export.MediaType, FileName = export.FileName, Data = data,
                    Damaged = { export.Damage.Select(damage => damage.ToString()) },
                }
                : new V1.ExportRunResponse { Data = data },
            stop.Token);
    }
}
