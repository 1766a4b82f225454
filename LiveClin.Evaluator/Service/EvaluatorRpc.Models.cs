using System.Net.Mime;
using Google.Api;
using Grpc.Core;
using LiveClin.Core.Exchange;

namespace LiveClin.Evaluator.Service;

internal sealed partial class EvaluatorRpc
{
    public override async Task ExportRun(V1.ExportRunRequest request, IServerStreamWriter<HttpBody> responseStream, ServerCallContext context)
    {
        using var stop = LinkToStop(context);
        var format = request.Format switch
        {
            V1.ExportFormat.Core => ExportFormat.Core,
            V1.ExportFormat.V1 => ExportFormat.V1,
            V1.ExportFormat.Jsonl => ExportFormat.Jsonl,
            V1.ExportFormat.Csv => ExportFormat.Csv,
            _ => throw RpcErrors.Invalid("format", "must be CORE, V1, JSONL or CSV."),
        };
        using var export = RunExport.Create(store, RequireRun(request.RunId), format, stop.Token);
        context.GetHttpContext().Response.Headers.ContentDisposition = new ContentDisposition { FileName = export.FileName }.ToString();
        await using var file = File.OpenRead(export.Path);
        await FileStreaming.SendAsync(file, export.MediaType, responseStream, stop.Token);
    }

    public override async Task<V1.VisionCheckResponse> VisionCheck(V1.VisionCheckRequest request, ServerCallContext context)
    {
        var (endpoint, timeout) = new RunRequests(releases).Read(request);
        return new V1.VisionCheckResponse { Result = (await vision.RunAsync(endpoint, timeout, context.CancellationToken)).ToMessage() };
    }
}
