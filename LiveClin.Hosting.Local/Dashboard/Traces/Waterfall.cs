using LiveClin.Hosting.Local.Otlp.Store;

namespace LiveClin.Hosting.Local.Dashboard.Traces;

/// <summary>One line of the waterfall.</summary>
/// <param name="Span">The span.</param>
/// <param name="Depth">0 for roots.</param>
/// <param name="Children">Spans directly below.</param>
/// <param name="IsOrphan">True when its parent has not been received or was dropped.</param>
public sealed record WaterfallRow(Span Span, int Depth, int Children, bool IsOrphan);

/// <summary>The spans of a trace as a tree in order of time.</summary>
internal sealed class Waterfall
{
    private readonly Dictionary<string, List<Span>> _children = [];
    private readonly List<Span> _roots = [];
    private readonly HashSet<string> _known;

    public Waterfall(IReadOnlyList<Span> spans)
    {
        // A batch sent twice brings a span twice.
        Span[] unique = [.. spans.DistinctBy(s => s.SpanId)];
        _known = [.. unique.Select(s => s.SpanId)];
        foreach (var span in unique)
        {
            if (span.ParentSpanId is not { } parent || parent == span.SpanId || !_known.Contains(parent)) _roots.Add(span);
            else if (_children.TryGetValue(parent, out var siblings)) siblings.Add(span);
            else _children[parent] = [span];
        }

        Spans = unique;
        Start = unique.Length == 0 ? default : unique.Min(s => s.Start);
        Duration = unique.Length == 0 ? TimeSpan.Zero : unique.Max(s => s.End) - Start;
    }

    public IReadOnlyList<Span> Spans { get; }

    public DateTime Start { get; }

    public TimeSpan Duration { get; }

    /// <summary>The lines to show: everything below a collapsed span is left out.</summary>
    public List<WaterfallRow> Rows(IReadOnlySet<string> collapsed)
    {
        List<WaterfallRow> rows = [];
        // A stack instead of recursion: traces may be deeper than the call stack. Circles cannot be reached from a root.
        var open = new Stack<(Span Span, int Depth)>(_roots.AsEnumerable().Reverse().Select(s => (s, 0)));
        while (open.TryPop(out var next))
        {
            var children = _children.GetValueOrDefault(next.Span.SpanId);
            rows.Add(new(next.Span, next.Depth, children?.Count ?? 0, next.Span.ParentSpanId is { } parent && !_known.Contains(parent)));
            if (children is null || collapsed.Contains(next.Span.SpanId)) continue;
            for (var i = children.Count - 1; i >= 0; i--) open.Push((children[i], next.Depth + 1));
        }

        return rows;
    }

    /// <summary>Left edge and width of a span in per cent of the trace.</summary>
    public (double Left, double Width) Place(Span span)
    {
        if (Duration <= TimeSpan.Zero) return (0, 100);
        return (100 * ((span.Start - Start) / Duration), Math.Max(0.15, 100 * (span.Duration / Duration)));
    }
}
