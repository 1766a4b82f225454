namespace LiveClin.Hosting.Local.Otlp.Store;

/// <summary>The spans kept, grouped by trace; the span received first is dropped first.</summary>
internal sealed class TraceStore(TelemetryLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Trace> _traces = [];
    private readonly Queue<Span> _arrivals = new();
    private long _bytes;
    private long _accepted;
    private long _dropped;
    private long _version;

    /// <summary>Grows with every change.</summary>
    public long Version => Interlocked.Read(ref _version);

    public StoreCounts Counts
    {
        get
        {
            lock (_gate) return new(_arrivals.Count, _bytes, _accepted, _dropped);
        }
    }

    public void Add(IReadOnlyList<Span> spans)
    {
        if (spans.Count == 0) return;
        lock (_gate)
        {
            foreach (var span in spans)
            {
                if (!_traces.TryGetValue(span.TraceId, out var trace)) _traces.Add(span.TraceId, trace = new Trace(span.TraceId));
                trace.Add(span);
                _arrivals.Enqueue(span);
                _bytes += span.EstimateBytes();
            }

            _accepted += spans.Count;
            while (_arrivals.Count > limits.MaxSpans || (_bytes > limits.MaxSpanBytes && _arrivals.Count > 1)) DropOldest();
            _version++;
        }
    }

    /// <summary>Traces that fit the filter, the newest first, and how many fit in all.</summary>
    public Page<TraceSummary> Find(TraceFilter filter, int take)
    {
        List<TraceSummary> found = [];
        lock (_gate)
        {
            foreach (var trace in _traces.Values)
            {
                if (filter.ErrorsOnly && trace.Errors == 0) continue;
                if (filter.GenAiOnly && trace.GenAiSpans == 0) continue;
                if (filter.Resource is { } resource && !trace.HasResource(resource)) continue;
                if (filter.Text is { Length: > 0 } text && !trace.Contains(text)) continue;
                found.Add(trace.Summarize());
            }
        }

        found.Sort((a, b) => b.Start.CompareTo(a.Start));
        return new(found.Count > take ? found[..take] : found, found.Count);
    }

    /// <summary>The kept spans of one trace in order of their start; empty when there are none.</summary>
    public IReadOnlyList<Span> Get(string traceId)
    {
        Span[] spans;
        lock (_gate)
        {
            if (!_traces.TryGetValue(traceId, out var trace)) return [];
            spans = [.. trace.Spans];
        }

        Array.Sort(spans, (a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : b.Duration.CompareTo(a.Duration));
        return spans;
    }

    public void Clear()
    {
        lock (_gate)
        {
            _traces.Clear();
            _arrivals.Clear();
            _bytes = 0;
            _version++;
        }
    }

    private void DropOldest()
    {
        var span = _arrivals.Dequeue();
        _bytes -= span.EstimateBytes();
        _dropped++;
        // Arrival order holds within a trace as well, so the span is the first of its trace.
        var trace = _traces[span.TraceId];
        if (!trace.RemoveFirst()) _traces.Remove(span.TraceId);
    }
}
