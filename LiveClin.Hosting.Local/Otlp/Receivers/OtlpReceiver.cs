using LiveClin.Hosting.Local.Otlp.Protocol;
using LiveClin.Hosting.Local.Otlp.Reading;
using LiveClin.Hosting.Local.Otlp.Store;

namespace LiveClin.Hosting.Local.Otlp.Receivers;

/// <summary>What both transports do with a request: take in what is well-formed and say what was not.</summary>
internal sealed class OtlpReceiver
{
    private readonly SpanReader _spans;
    private readonly LogReader _logs;
    private readonly MetricReader _metrics;

    public OtlpReceiver(TelemetryStore store, TimeProvider time)
    {
        var values = new ValueReader(store.Limits);
        _spans = new(store, values);
        _logs = new(store, values, time);
        _metrics = new(store, values);
    }

    public ExportTraceServiceResponse Receive(ExportTraceServiceRequest request)
    {
        var rejection = _spans.Add(request);
        return rejection.Count == 0 ? new() : new() { PartialSuccess = new() { RejectedSpans = rejection.Count, ErrorMessage = rejection.Message } };
    }

    public ExportLogsServiceResponse Receive(ExportLogsServiceRequest request)
    {
        var rejection = _logs.Add(request);
        return rejection.Count == 0 ? new() : new() { PartialSuccess = new() { RejectedLogRecords = rejection.Count, ErrorMessage = rejection.Message } };
    }

    public ExportMetricsServiceResponse Receive(ExportMetricsServiceRequest request)
    {
        var rejection = _metrics.Add(request);
        return rejection.Count == 0 ? new() : new() { PartialSuccess = new() { RejectedDataPoints = rejection.Count, ErrorMessage = rejection.Message } };
    }
}
