namespace LiveClin.Hosting.Local.Otlp.Store;

/// <summary>What role a span plays.</summary>
public enum SpanKind
{
    /// <summary>Not said.</summary>
    Unspecified,

    /// <summary>Work inside one process.</summary>
    Internal,

    /// <summary>Handling a request.</summary>
    Server,

    /// <summary>Sending a request.</summary>
    Client,

    /// <summary>Handing over a message.</summary>
    Producer,

    /// <summary>Taking a message.</summary>
    Consumer,
}

/// <summary>How a span ended, as its sender says.</summary>
public enum SpanStatus
{
    /// <summary>Nothing said.</summary>
    Unset,

    /// <summary>Explicitly good.</summary>
    Ok,

    /// <summary>Failed.</summary>
    Error,
}

/// <summary>One span as received; times are UTC.</summary>
public sealed record Span
{
    /// <summary>32 hexadecimal digits.</summary>
    public required string TraceId { get; init; }

    /// <summary>16 hexadecimal digits.</summary>
    public required string SpanId { get; init; }

    /// <summary>16 hexadecimal digits, or null for a root.</summary>
    public required string? ParentSpanId { get; init; }

    /// <summary>The operation's name.</summary>
    public required string Name { get; init; }

    /// <summary>The span's role.</summary>
    public required SpanKind Kind { get; init; }

    /// <summary>When it began.</summary>
    public required DateTime Start { get; init; }

    /// <summary>How long it took; never negative.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How it ended.</summary>
    public required SpanStatus Status { get; init; }

    /// <summary>The error's text, or null.</summary>
    public required string? StatusMessage { get; init; }

    /// <summary>Who sent it.</summary>
    public required TelemetryResource Resource { get; init; }

    /// <summary>The source (library) within the sender.</summary>
    public required string Scope { get; init; }

    /// <summary>Attributes as sent.</summary>
    public required IReadOnlyList<TelemetryAttribute> Attributes { get; init; }

    /// <summary>Things that happened during the span.</summary>
    public required IReadOnlyList<SpanEvent> Events { get; init; }

    /// <summary>Spans that this one refers to.</summary>
    public required IReadOnlyList<SpanLink> Links { get; init; }

    /// <summary>Attributes, events and links that were cut off, by the sender or by the limits here.</summary>
    public required int DroppedItems { get; init; }

    /// <summary>When it ended.</summary>
    public DateTime End => Start + Duration;

    /// <summary>True for a call of a language model.</summary>
    public bool IsGenAi => Attributes.Get("gen_ai.provider.name") is { Length: > 0 } || Attributes.Get("gen_ai.system") is { Length: > 0 };

    internal int EstimateBytes()
    {
        var bytes = 320 + 2 * (Name.Length + (StatusMessage?.Length ?? 0)) + Attributes.EstimateBytes();
        foreach (var e in Events) bytes += 80 + 2 * e.Name.Length + e.Attributes.EstimateBytes();
        foreach (var l in Links) bytes += 240 + l.Attributes.EstimateBytes();
        return bytes;
    }
}

/// <summary>Something that happened during a span.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Name">What.</param>
/// <param name="Attributes">Attributes as sent.</param>
public sealed record SpanEvent(DateTime Time, string Name, IReadOnlyList<TelemetryAttribute> Attributes);

/// <summary>A span that another span refers to.</summary>
/// <param name="TraceId">32 hexadecimal digits.</param>
/// <param name="SpanId">16 hexadecimal digits.</param>
/// <param name="Attributes">Attributes as sent.</param>
public sealed record SpanLink(string TraceId, string SpanId, IReadOnlyList<TelemetryAttribute> Attributes);
