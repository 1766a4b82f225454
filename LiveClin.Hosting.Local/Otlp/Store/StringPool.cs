using System.Collections.Concurrent;

namespace LiveClin.Hosting.Local.Otlp.Store;

/// <summary>
/// Names repeat in every span (attribute keys, methods, models); one copy of each is enough. Bounded: a sender whose
/// names never repeat fills it once and is then stored without pooling.
/// </summary>
internal sealed class StringPool
{
    private const int MaxStrings = 10_000;
    private const int MaxLength = 80;
    private readonly ConcurrentDictionary<string, string> _strings = new(StringComparer.Ordinal);
    private int _count;

    public string Pool(string value)
    {
        if (value.Length is 0 or > MaxLength) return value;
        if (_strings.TryGetValue(value, out var known)) return known;
        if (Volatile.Read(ref _count) >= MaxStrings) return value;
        if (_strings.TryAdd(value, value)) Interlocked.Increment(ref _count);
        return value;
    }
}
