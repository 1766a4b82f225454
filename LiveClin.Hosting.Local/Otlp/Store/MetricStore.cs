namespace LiveClin.Hosting.Local.Otlp.Store;

/// <summary>The metric series kept, by instrument.</summary>
internal sealed class MetricStore(TelemetryLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<InstrumentKey, Instrument> _instruments = [];
    private readonly Dictionary<SeriesKey, LinkedListNode<Entry>> _series = [];
    private readonly LinkedList<Entry> _byLastUpdate = new();
    private long _points;
    private long _accepted;
    private long _dropped;
    private long _version;

    /// <summary>Grows with every change.</summary>
    public long Version => Interlocked.Read(ref _version);

    public StoreCounts Counts
    {
        get
        {
            lock (_gate) return new((int)_points, _byLastUpdate.Sum(e => e.Series.Points.Sum(Size)), _accepted, _dropped);
        }
    }

    /// <summary>Series kept.</summary>
    public int SeriesCount
    {
        get
        {
            lock (_gate) return _series.Count;
        }
    }

    public void Add(IReadOnlyList<IncomingPoint> points)
    {
        if (points.Count == 0) return;
        lock (_gate)
        {
            foreach (var point in points) Add(point);
            _accepted += points.Count;
            _version++;
        }
    }

    /// <summary>All instruments of one sender (or of all), sorted by meter and name.</summary>
    public IReadOnlyList<Instrument> Instruments(string? resource)
    {
        lock (_gate)
        {
            return [.. _instruments.Values.Where(i => resource is null || i.Key.Resource == resource)
                .OrderBy(i => i.Key.Resource, StringComparer.OrdinalIgnoreCase).ThenBy(i => i.Key.Scope, StringComparer.OrdinalIgnoreCase).ThenBy(i => i.Key.Name, StringComparer.OrdinalIgnoreCase)];
        }
    }

    /// <summary>The series of an instrument with their points since a time; the point before it is included, as rates need it.</summary>
    public IReadOnlyList<MetricSeries> Series(InstrumentKey instrument, DateTime since)
    {
        lock (_gate)
        {
            List<MetricSeries> found = [];
            foreach (var entry in _byLastUpdate)
            {
                if (entry.Key.Instrument != instrument) continue;
                var points = entry.Series.Points;
                var first = 0;
                while (first + 1 < points.Count && points[first + 1].Time < since) first++;
                found.Add(new(entry.Series.Attributes, entry.Series.InstanceId, [.. points.Skip(first)]));
            }

            found.Sort((a, b) => string.CompareOrdinal(Text(a.Attributes), Text(b.Attributes)));
            return found;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _instruments.Clear();
            _series.Clear();
            _byLastUpdate.Clear();
            _points = 0;
            _version++;
        }
    }

    private void Add(IncomingPoint point)
    {
        _instruments[point.Instrument.Key] = _instruments.TryGetValue(point.Instrument.Key, out var known) && known == point.Instrument ? known : point.Instrument;
        var key = new SeriesKey(point.Instrument.Key, point.Resource.InstanceId, Text(point.Attributes));
        if (_series.TryGetValue(key, out var node))
        {
            _byLastUpdate.Remove(node);
        }
        else
        {
            if (_series.Count >= limits.MaxSeries) DropSeries(_byLastUpdate.First!);
            node = new(new(key, new(point.Attributes, point.Resource.InstanceId, limits.MaxPointsPerSeries)));
            _series.Add(key, node);
        }

        _byLastUpdate.AddLast(node);
        var series = node.Value.Series;
        _points -= series.Points.Count;
        _dropped += series.Add(point.Point, point.IsDelta);
        _points += series.Points.Count;
    }

    private void DropSeries(LinkedListNode<Entry> node)
    {
        _byLastUpdate.Remove(node);
        _series.Remove(node.Value.Key);
        _points -= node.Value.Series.Points.Count;
        _dropped += node.Value.Series.Points.Count;
        if (!_byLastUpdate.Any(e => e.Key.Instrument == node.Value.Key.Instrument)) _instruments.Remove(node.Value.Key.Instrument);
    }

    private static string Text(IReadOnlyList<TelemetryAttribute> attributes) =>
        attributes.Count == 0 ? "" : string.Join('\u001f', attributes.Select(a => a.Key + '\u001e' + a.Value));

    private static long Size(MetricPoint point) => 72 + 8L * (point.Buckets?.Length ?? 0);

    private sealed record SeriesKey(InstrumentKey Instrument, string? InstanceId, string Attributes);

    private sealed record Entry(SeriesKey Key, SeriesBuffer Series);
}
