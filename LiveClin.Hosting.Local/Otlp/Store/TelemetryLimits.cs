using System.ComponentModel.DataAnnotations;

namespace LiveClin.Hosting.Local.Otlp.Store;

/// <summary>How much telemetry is kept in memory; the oldest is dropped beyond it (sizes are estimates of the memory held).</summary>
public sealed class TelemetryLimits
{
    /// <summary>Spans kept over all traces.</summary>
    [Range(100, 10_000_000)]
    public int MaxSpans { get; set; } = 25_000;

    /// <summary>Bytes of spans kept over all traces.</summary>
    [Range(1 << 20, int.MaxValue)]
    public int MaxSpanBytes { get; set; } = 24 << 20;

    /// <summary>Log records kept.</summary>
    [Range(100, 10_000_000)]
    public int MaxLogs { get; set; } = 10_000;

    /// <summary>Bytes of log records kept.</summary>
    [Range(1 << 20, int.MaxValue)]
    public int MaxLogBytes { get; set; } = 10 << 20;

    /// <summary>Series (an instrument with one set of attributes) kept; the one updated longest ago is dropped first.</summary>
    [Range(10, 100_000)]
    public int MaxSeries { get; set; } = 1_500;

    /// <summary>Points kept per series; a full series is thinned out in its older half, so that it still covers the whole run.</summary>
    [Range(10, 100_000)]
    public int MaxPointsPerSeries { get; set; } = 240;

    /// <summary>Attributes kept per span, event, link, record or series.</summary>
    [Range(1, 10_000)]
    public int MaxAttributes { get; set; } = 128;

    /// <summary>Characters kept of an attribute's value, a name or a log's message.</summary>
    [Range(64, 10_000_000)]
    public int MaxTextLength { get; set; } = 16_384;

    /// <summary>Characters kept of the captured messages of a model call (<c>gen_ai.*</c> attributes, which are JSON).</summary>
    [Range(64, 100_000_000)]
    public int MaxMessageLength { get; set; } = 4 << 20;

    /// <summary>Events and links kept per span.</summary>
    [Range(0, 10_000)]
    public int MaxEvents { get; set; } = 128;

    /// <summary>Senders (service and instance) told apart; later ones are rejected.</summary>
    [Range(1, 100_000)]
    public int MaxResources { get; set; } = 500;

    /// <summary>Bytes of one request, after decompression.</summary>
    [Range(1 << 10, int.MaxValue)]
    public int MaxRequestBytes { get; set; } = 16 << 20;
}
