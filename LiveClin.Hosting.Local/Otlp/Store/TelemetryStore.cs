namespace LiveClin.Hosting.Local.Otlp.Store;

/// <summary>Everything received over OTLP that is still kept.</summary>
internal sealed class TelemetryStore(TelemetryLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Name, string? InstanceId), TelemetryResource> _resources = [];
    private long _rejected;

    public TelemetryLimits Limits { get; } = limits;

    public TraceStore Traces { get; } = new(limits);

    public LogStore Logs { get; } = new(limits);

    public MetricStore Metrics { get; } = new(limits);

    /// <summary>Items refused because they were malformed (they were reported to the sender as a partial success).</summary>
    public long Rejected => Interlocked.Read(ref _rejected);

    public void CountRejected(long items) => Interlocked.Add(ref _rejected, items);

    /// <summary>Names of all senders, sorted.</summary>
    public IReadOnlyList<string> ResourceNames
    {
        get
        {
            lock (_gate) return [.. _resources.Keys.Select(k => k.Name).Distinct().Order(StringComparer.OrdinalIgnoreCase)];
        }
    }

    /// <summary>One object per sender, with the attributes it sent first; null beyond the limit of senders.</summary>
    public TelemetryResource? Intern(TelemetryResource resource)
    {
        lock (_gate)
        {
            if (_resources.TryGetValue((resource.Name, resource.InstanceId), out var known)) return known;
            if (_resources.Count >= Limits.MaxResources) return null;
            _resources.Add((resource.Name, resource.InstanceId), resource);
            return resource;
        }
    }
}
