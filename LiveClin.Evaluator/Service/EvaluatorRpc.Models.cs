using Grpc.Core;
using LiveClin.Core.Exchange;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Service;

internal sealed partial class EvaluatorRpc
{
    public override async Task ExportRun(V1.ExportRunRequest request, IServerStreamWriter<V1.ExportRunResponse> responseStream, ServerCallContext context)
    {
        using var stop = LinkToStop(context);
        var format = EnumByName<ExportFormat>.Find(request.Format);
        using var export = await files.ExportAsync(request.RunId, format, request.HasEpoch ? request.Epoch : null, stop.Token);
        await using var file = File.OpenRead(export.Path);
        await FileStreaming.SendAsync(
            file, responseStream,
            (data, first) => new V1.ExportRunResponse { MediaType = first ? export.MediaType : "", FileName = first ? export.FileName : "", Data = data },
            stop.Token);
    }

    public override async Task<V1.VisionCheckResponse> VisionCheck(V1.VisionCheckRequest request, ServerCallContext context)
    {
        var (endpoint, timeout) = new RunRequests(releases).Read(request);
        return new V1.VisionCheckResponse { Result = (await vision.RunAsync(endpoint, timeout, context.CancellationToken)).ToMessage() };
    }
}
