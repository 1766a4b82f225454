namespace LiveClin.Hosting.Local.Otlp.Store;

/// <summary>The bounded history of one series.</summary>
internal sealed class SeriesBuffer(IReadOnlyList<TelemetryAttribute> attributes, string? instanceId, int capacity)
{
    private static readonly TimeSpan Resolution = TimeSpan.FromSeconds(1);
    private readonly List<MetricPoint> _points = [];
    private MetricPoint? _total;

    public IReadOnlyList<TelemetryAttribute> Attributes => attributes;

    public string? InstanceId => instanceId;

    public IReadOnlyList<MetricPoint> Points => _points;

    /// <summary>Adds a point and returns how many were thinned out for it.</summary>
    public int Add(MetricPoint point, bool isDelta)
    {
        // Bounds hardly ever change: one copy serves all points.
        if (_points.Count > 0 && point.Bounds is { } bounds && _points[^1].Bounds is { } known && bounds.AsSpan().SequenceEqual(known)) point = point with { Bounds = known };
        if (isDelta) point = _total = Accumulate(_total, point);
        if (_points.Count > 0 && point.Time < _points[^1].Time) return 1;
        if (_points.Count > 1 && point.Time - _points[^2].Time < Resolution)
        {
            // Points that come faster than a chart can show: the latest stands for its second (totals lose nothing by it).
            _points[^1] = point;
            return 0;
        }

        _points.Add(point);
        return _points.Count > capacity ? ThinOut() : 0;
    }

    private int ThinOut()
    {
        var half = _points.Count / 2;
        var kept = 0;
        for (var i = 0; i < _points.Count; i++)
            if (i >= half || i % 2 == 0) _points[kept++] = _points[i];
        var removed = _points.Count - kept;
        _points.RemoveRange(kept, removed);
        return removed;
    }

    private static MetricPoint Accumulate(MetricPoint? total, MetricPoint delta)
    {
        if (total is null) return delta;
        var sum = delta with { Value = total.Value + delta.Value, Count = total.Count + delta.Count };
        if (delta.Buckets is null || total.Buckets is null || delta.Bounds is null || total.Bounds is null) return sum;
        // With other bounds than before (an exponential histogram that changed its scale) the counts cannot be added: start anew.
        if (!delta.Bounds.AsSpan().SequenceEqual(total.Bounds)) return delta;
        var buckets = new double[delta.Buckets.Length];
        for (var i = 0; i < buckets.Length; i++) buckets[i] = total.Buckets[i] + delta.Buckets[i];
        return sum with { Buckets = buckets, Bounds = total.Bounds };
    }
}
