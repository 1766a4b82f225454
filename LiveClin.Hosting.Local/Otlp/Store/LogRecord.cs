using Microsoft.Extensions.Logging;

namespace LiveClin.Hosting.Local.Otlp.Store;

/// <summary>One structured log record as received; times are UTC.</summary>
public sealed record LogRecord
{
    /// <summary>Grows by one with each record received; unique while the program runs.</summary>
    public long Number { get; init; }

    /// <summary>When it was written (or observed, where the writer gave no time).</summary>
    public required DateTime Time { get; init; }

    /// <summary>The level; OTLP's severities 1–24 fall into .NET's six.</summary>
    public required LogLevel Level { get; init; }

    /// <summary>The message, formatted by the sender.</summary>
    public required string Message { get; init; }

    /// <summary>The category (scope) that wrote it.</summary>
    public required string Scope { get; init; }

    /// <summary>The event's name, or null.</summary>
    public required string? EventName { get; init; }

    /// <summary>The trace it belongs to, or null.</summary>
    public required string? TraceId { get; init; }

    /// <summary>The span it belongs to, or null.</summary>
    public required string? SpanId { get; init; }

    /// <summary>Who sent it.</summary>
    public required TelemetryResource Resource { get; init; }

    /// <summary>Attributes as sent.</summary>
    public required IReadOnlyList<TelemetryAttribute> Attributes { get; init; }

    /// <summary>Attributes that were cut off, by the sender or by the limits here.</summary>
    public required int DroppedItems { get; init; }

    internal int EstimateBytes() => 220 + 2 * Message.Length + (TraceId is null ? 0 : 140) + Attributes.EstimateBytes();
}
