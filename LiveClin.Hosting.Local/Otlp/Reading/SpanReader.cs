using LiveClin.Hosting.Local.Otlp.Protocol;
using LiveClin.Hosting.Local.Otlp.Store;
using Span = LiveClin.Hosting.Local.Otlp.Store.Span;

namespace LiveClin.Hosting.Local.Otlp.Reading;

/// <summary>Takes spans as received into the store.</summary>
internal sealed class SpanReader(TelemetryStore store, ValueReader values)
{
    public Rejection Add(ExportTraceServiceRequest request)
    {
        List<Span> spans = [];
        var rejection = new Rejection();
        foreach (var resourceSpans in request.ResourceSpans)
        {
            var resource = ResourceReader.Read(resourceSpans.Resource, values, store);
            foreach (var scopeSpans in resourceSpans.ScopeSpans)
            {
                if (resource is null)
                {
                    rejection.Add(scopeSpans.Spans.Count, Rejection.TooManyResources);
                    continue;
                }

                var scope = values.Name(scopeSpans.Scope?.Name ?? "");
                foreach (var source in scopeSpans.Spans)
                {
                    if (Read(source, resource, scope) is { } span) spans.Add(span);
                    else rejection.Add(1, "trace_id must have 16 bytes and span_id 8, not all zero.");
                }
            }
        }

        store.Traces.Add(spans);
        store.CountRejected(rejection.Count);
        return rejection;
    }

    private Span? Read(Protocol.Span source, TelemetryResource resource, string scope)
    {
        if (ValueReader.Id(source.TraceId, 16) is not { } traceId || ValueReader.Id(source.SpanId, 8) is not { } spanId) return null;
        var start = ValueReader.Time(source.StartTimeUnixNano);
        var end = ValueReader.Time(source.EndTimeUnixNano);
        var attributes = values.Attributes(source.Attributes, out var dropped);
        var events = source.Events.Take(store.Limits.MaxEvents)
            .Select(e => new SpanEvent(ValueReader.Time(e.TimeUnixNano), values.Name(e.Name), values.Attributes(e.Attributes, out _))).ToArray();
        var links = source.Links.Take(store.Limits.MaxEvents)
            .Select(l => new SpanLink(ValueReader.Id(l.TraceId, 16) ?? "", ValueReader.Id(l.SpanId, 8) ?? "", values.Attributes(l.Attributes, out _))).ToArray();
        return new Span
        {
            TraceId = traceId,
            SpanId = spanId,
            ParentSpanId = ValueReader.Id(source.ParentSpanId, 8),
            Name = values.Name(source.Name),
            Kind = Enum.IsDefined((Store.SpanKind)source.Kind) ? (Store.SpanKind)source.Kind : Store.SpanKind.Unspecified,
            Start = start,
            Duration = end > start ? end - start : TimeSpan.Zero,
            Status = source.Status?.Code switch { 1 => SpanStatus.Ok, 2 => SpanStatus.Error, _ => SpanStatus.Unset },
            StatusMessage = source.Status?.Message is { Length: > 0 } message ? values.Text(message) : null,
            Resource = resource,
            Scope = scope,
            Attributes = attributes,
            Events = events,
            Links = links,
            DroppedItems = Sum(source.DroppedAttributesCount, source.DroppedEventsCount, source.DroppedLinksCount, dropped, source.Events.Count - events.Length, source.Links.Count - links.Length),
        };
    }

    private static int Sum(params ReadOnlySpan<long> counts)
    {
        long sum = 0;
        foreach (var count in counts) sum += count;
        return (int)Math.Min(sum, int.MaxValue);
    }
}
