using Grpc.Core;
using LiveClin.Hosting.Local.Otlp.Protocol;

namespace LiveClin.Hosting.Local.Otlp.Receivers;

internal sealed class GrpcTraceReceiver(OtlpReceiver receiver) : TraceService.TraceServiceBase
{
    public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context) => Task.FromResult(receiver.Receive(request));
}

internal sealed class GrpcLogsReceiver(OtlpReceiver receiver) : LogsService.LogsServiceBase
{
    public override Task<ExportLogsServiceResponse> Export(ExportLogsServiceRequest request, ServerCallContext context) => Task.FromResult(receiver.Receive(request));
}

internal sealed class GrpcMetricsReceiver(OtlpReceiver receiver) : MetricsService.MetricsServiceBase
{
    public override Task<ExportMetricsServiceResponse> Export(ExportMetricsServiceRequest request, ServerCallContext context) => Task.FromResult(receiver.Receive(request));
}
