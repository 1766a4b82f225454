using Grpc.Core;
using LiveClin.Evaluator.Reading;

namespace LiveClin.Evaluator.Service;

internal sealed partial class EvaluatorRpc
{
    public override async Task<V1.VisionCheckResponse> VisionCheck(V1.VisionCheckRequest request, ServerCallContext context)
    {
        var (endpoint, timeout) = new RunRequests(releases).Read(request);
        return new V1.VisionCheckResponse { Result = (await vision.RunAsync(endpoint, timeout, context.CancellationToken)).ToMessage() };
    }
}
