using Microsoft.Extensions.Logging;

namespace LiveClin.Hosting.Local.Otlp.Store;

/// <summary>What a store holds and what it had to let go.</summary>
/// <param name="Kept">Items in memory.</param>
/// <param name="Bytes">Estimated bytes of them.</param>
/// <param name="Accepted">Items received since the start.</param>
/// <param name="Dropped">Items dropped to stay within the limits.</param>
public readonly record struct StoreCounts(int Kept, long Bytes, long Accepted, long Dropped);

/// <summary>The first part of a result and the size of the whole.</summary>
/// <param name="Items">The part.</param>
/// <param name="Total">How many there are.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, int Total);

/// <summary>Which traces are wanted.</summary>
/// <param name="Resource">A sender's name, or null for all.</param>
/// <param name="Text">Text in a span's name or the trace's id, or null.</param>
/// <param name="ErrorsOnly">Only traces with a failed span.</param>
/// <param name="GenAiOnly">Only traces with a model call.</param>
public sealed record TraceFilter(string? Resource = null, string? Text = null, bool ErrorsOnly = false, bool GenAiOnly = false);

/// <summary>One line of the list of traces.</summary>
/// <param name="TraceId">32 hexadecimal digits.</param>
/// <param name="Name">The root span's name.</param>
/// <param name="Resource">The root span's sender.</param>
/// <param name="HasRoot">False while the root has not been received (it is sent when it ends) or was dropped.</param>
/// <param name="Start">The earliest start, UTC.</param>
/// <param name="Duration">From the earliest start to the latest end.</param>
/// <param name="Spans">Spans kept.</param>
/// <param name="Errors">Failed spans among them.</param>
/// <param name="GenAiSpans">Model calls among them.</param>
/// <param name="Resources">Spans per sender.</param>
public sealed record TraceSummary(
    string TraceId, string Name, string Resource, bool HasRoot, DateTime Start, TimeSpan Duration, int Spans, int Errors, int GenAiSpans, IReadOnlyList<ResourceCount> Resources);

/// <summary>Spans of one sender within a trace.</summary>
/// <param name="Name">The sender.</param>
/// <param name="Spans">Its spans.</param>
public readonly record struct ResourceCount(string Name, int Spans);

/// <summary>Which log records are wanted.</summary>
/// <param name="Resource">A sender's name, or null for all.</param>
/// <param name="MinLevel">The lowest level shown.</param>
/// <param name="Text">Text in the message, category or an attribute's value, or null.</param>
/// <param name="TraceId">Only this trace's records, or null.</param>
/// <param name="SpanId">Only this span's records, or null.</param>
public sealed record LogFilter(string? Resource = null, LogLevel MinLevel = LogLevel.Trace, string? Text = null, string? TraceId = null, string? SpanId = null);
