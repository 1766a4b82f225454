namespace LiveClin.Hosting.Local.Otlp.Store;

/// <summary>The log records kept; the one received first is dropped first.</summary>
internal sealed class LogStore(TelemetryLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Queue<LogRecord> _records = new();
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
            lock (_gate) return new(_records.Count, _bytes, _accepted, _dropped);
        }
    }

    public void Add(IReadOnlyList<LogRecord> records)
    {
        if (records.Count == 0) return;
        lock (_gate)
        {
            foreach (var record in records)
            {
                _records.Enqueue(record with { Number = ++_accepted });
                _bytes += record.EstimateBytes();
            }

            while (_records.Count > limits.MaxLogs || (_bytes > limits.MaxLogBytes && _records.Count > 1))
            {
                _bytes -= _records.Dequeue().EstimateBytes();
                _dropped++;
            }

            _version++;
        }
    }

    /// <summary>Records that fit the filter in the order they came; the newest <paramref name="take"/> of them.</summary>
    public Page<LogRecord> Find(LogFilter filter, int take)
    {
        List<LogRecord> found = [];
        lock (_gate)
        {
            foreach (var record in _records)
                if (Fits(record, filter)) found.Add(record);
        }

        return new(found.Count > take ? found[^take..] : found, found.Count);
    }

    public void Clear()
    {
        lock (_gate)
        {
            _records.Clear();
            _bytes = 0;
            _version++;
        }
    }

    private static bool Fits(LogRecord record, LogFilter filter) =>
        record.Level >= filter.MinLevel
        && (filter.Resource is null || record.Resource.Name == filter.Resource)
        && (filter.TraceId is null || record.TraceId == filter.TraceId)
        && (filter.SpanId is null || record.SpanId == filter.SpanId)
        && (filter.Text is not { Length: > 0 } text || ContainsText(record, text));

    private static bool ContainsText(LogRecord record, string text)
    {
        if (record.Message.Contains(text, StringComparison.OrdinalIgnoreCase)) return true;
        if (record.Scope.Contains(text, StringComparison.OrdinalIgnoreCase)) return true;
        if (record.EventName?.Contains(text, StringComparison.OrdinalIgnoreCase) == true) return true;
        for (var i = 0; i < record.Attributes.Count; i++)
            if (record.Attributes[i].Value.Contains(text, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
