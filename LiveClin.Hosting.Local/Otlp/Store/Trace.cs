namespace LiveClin.Hosting.Local.Otlp.Store;

/// <summary>The kept spans of one trace, with running totals; guarded by the store's lock.</summary>
internal sealed class Trace(string id)
{
    private readonly Dictionary<string, int> _resources = [];
    private Span? _root;
    private DateTime _end;

    public Queue<Span> Spans { get; } = new();

    public DateTime Start { get; private set; }

    public int Errors { get; private set; }

    public int GenAiSpans { get; private set; }

    public void Add(Span span)
    {
        Start = Spans.Count == 0 || span.Start < Start ? span.Start : Start;
        _end = span.End > _end ? span.End : _end;
        Spans.Enqueue(span);
        // The root names the trace; until it ends (it is sent last), the earliest span does.
        if (_root is null || (_root.ParentSpanId is not null && (span.ParentSpanId is null || span.Start < _root.Start))) _root = span;
        Count(span, 1);
    }

    /// <summary>Removes the span that came first; false when none is left.</summary>
    public bool RemoveFirst()
    {
        Count(Spans.Dequeue(), -1);
        return Spans.Count > 0;
    }

    public bool HasResource(string name) => _resources.ContainsKey(name);

    public bool Contains(string text)
    {
        if (id.Contains(text, StringComparison.OrdinalIgnoreCase)) return true;
        foreach (var span in Spans)
            if (span.Name.Contains(text, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    public TraceSummary Summarize() =>
        new(id, _root!.Name, _root.Resource.Name, _root.ParentSpanId is null, Start, _end - Start, Spans.Count, Errors, GenAiSpans, [.. _resources.Select(r => new ResourceCount(r.Key, r.Value))]);

    private void Count(Span span, int by)
    {
        if (span.Status == SpanStatus.Error) Errors += by;
        if (span.IsGenAi) GenAiSpans += by;
        var count = _resources.GetValueOrDefault(span.Resource.Name) + by;
        if (count > 0) _resources[span.Resource.Name] = count;
        else _resources.Remove(span.Resource.Name);
    }
}
