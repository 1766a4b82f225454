using System.Globalization;
using LiveClin.Hosting.Local.Otlp.Store;

namespace LiveClin.Hosting.Local.Dashboard.Traces;

/// <summary>What an evaluator said of a model call: an event <c>gen_ai.evaluation.result</c>.</summary>
/// <param name="Name">What was judged.</param>
/// <param name="Score">The score, or null.</param>
/// <param name="Label">The verdict in a word, or null.</param>
/// <param name="Explanation">Why, or null.</param>
/// <param name="Error">Why there is no verdict, or null.</param>
/// <param name="Attributes">All that was said.</param>
public sealed record Evaluation(string Name, double? Score, string? Label, string? Explanation, string? Error, IReadOnlyList<TelemetryAttribute> Attributes)
{
    private const string EventName = "gen_ai.evaluation.result";

    /// <summary>True or false where the verdict or the score says so, null where it does not.</summary>
    public bool? IsGood => Label?.ToLowerInvariant() switch
    {
        "correct" or "right" or "pass" or "passed" or "true" => true,
        "wrong" or "incorrect" or "fail" or "failed" or "false" => false,
        _ => Error is not null ? false : Label is not null ? null : Score switch { >= 1 => true, <= 0 => false, _ => null },
    };

    /// <summary>The verdict in words.</summary>
    public string Verdict => Label ?? Error ?? Score?.ToString("0.###", CultureInfo.InvariantCulture) ?? Name;

    /// <summary>The first verdict on each span of a trace.</summary>
    internal static Dictionary<string, Evaluation> ForTrace(TelemetryStore telemetry, string traceId, IReadOnlyList<Span> spans)
    {
        Dictionary<string, Evaluation> found = [];
        foreach (var record in telemetry.Logs.Find(new LogFilter(TraceId: traceId), int.MaxValue).Items)
            if (record.SpanId is { } id && Read(record) is { } evaluation) found.TryAdd(id, evaluation);
        foreach (var span in spans)
            if (ForSpan(span) is [var first, ..]) found.TryAdd(span.SpanId, first);
        return found;
    }

    /// <summary>All verdicts on a span, from log records and from its own events.</summary>
    internal static List<Evaluation> ForSpan(TelemetryStore telemetry, Span span) =>
        [.. telemetry.Logs.Find(new LogFilter(TraceId: span.TraceId, SpanId: span.SpanId), int.MaxValue).Items.Select(Read).OfType<Evaluation>(), .. ForSpan(span)];

    private static List<Evaluation> ForSpan(Span span) => [.. span.Events.Where(e => e.Name == EventName).Select(e => Read(e.Attributes))];

    private static Evaluation? Read(LogRecord record) => record.EventName == EventName ? Read(record.Attributes) : null;

    private static Evaluation Read(IReadOnlyList<TelemetryAttribute> attributes) => new(
        attributes.Get("gen_ai.evaluation.name") ?? "evaluation",
        double.TryParse(attributes.Get("gen_ai.evaluation.score.value"), NumberStyles.Float, CultureInfo.InvariantCulture, out var score) ? score : null,
        attributes.Get("gen_ai.evaluation.score.label"),
        attributes.Get("gen_ai.evaluation.explanation"),
        attributes.Get("error.type"),
        attributes);
}
