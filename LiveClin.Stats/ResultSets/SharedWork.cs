using Google.Protobuf;
using Microsoft.Extensions.Caching.Memory;

namespace LiveClin.Stats.ResultSets;

/// <summary>
/// What takes long to compute of a set: once for all who ask meanwhile, a bounded number at a time. It is kept while there is room,
/// because a set never changes; what nobody waits for any more is not begun.
/// </summary>
internal sealed class SharedWork : IDisposable
{
    // Messages and files of 30 models together have about 40 MB. Where the room is too small for them, each that is made pushes out
    // another.
    private const long Room = 96L << 20;

    /// <summary>How long an answer that nobody asks for again is kept.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(2);

    // Each keeps a core busy and holds hundreds of thousands of records meanwhile. What is short does not wait for what is long.
    private readonly SemaphoreSlim _short = new(Math.Max(1, Environment.ProcessorCount - 1)),
    _long = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly MemoryCache _kept = new(new MemoryCacheOptions
    {
        SizeLimit = Room,
        ExpirationScanFrequency = TimeSpan.FromSeconds(30),
    });
    private readonly Dictionary<Key, Work> _underWay = [];
    private readonly Lock _gate = new();

    /// <summary>Nothing is under way: its memory can be given back.</summary>
    public event Action? Idle;

    /// <summary>An answer of the contract.</summary>
    /// <param name="set">What it is computed of.</param>
    /// <param name="what">What is asked, as a text: the same text means the same answer.</param>
    /// <param name="compute">Computes it.</param>
    /// <param name="isLong">Whether that takes seconds.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<T> MessageAsync<T>(ResultSet set, string what, Func<T> compute, bool isLong, CancellationToken cancellationToken)
        where T : class, IMessage =>
        GetAsync(set, what, isLong ? _long : _short, compute, message => 3L * message.CalculateSize(), cancellationToken);

    /// <summary>A file.</summary>
    /// <param name="set">What it is computed of.</param>
    /// <param name="what">What is asked, as a text: the same text means the same file.</param>
    /// <param name="compute">Computes it.</param>
    /// <param name="isLong">Whether that takes seconds.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<byte[]> FileAsync(
        ResultSet set, string what, Func<byte[]> compute, bool isLong, CancellationToken cancellationToken) =>
        GetAsync(set, what, isLong ? _long : _short, compute, bytes => bytes.Length, cancellationToken);

    /// <summary>What several files are made of, which takes seconds.</summary>
    /// <param name="set">What it is computed of.</param>
    /// <param name="what">What is asked, as a text: the same text means the same.</param>
    /// <param name="compute">Computes it.</param>
    /// <param name="size">How much of the room it takes, in bytes.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<T> BasisAsync<T>(ResultSet set, string what, Func<T> compute, long size, CancellationToken cancellationToken)
        where T : class => GetAsync(set, what, _long, compute, _ => size, cancellationToken);

    /// <summary>A file that was made elsewhere and is still kept; null where there is none.</summary>
    /// <param name="set">What it is of.</param>
    /// <param name="what">What it holds, as a text.</param>
    public byte[]? FindFile(ResultSet set, string what) => _kept.Get<byte[]>(new Key(set, typeof(byte[]), what));

    /// <summary>Keeps a file that was made elsewhere, while there is room.</summary>
    /// <param name="set">What it is of.</param>
    /// <param name="what">What it holds, as a text.</param>
    /// <param name="bytes">The file.</param>
    public void KeepFile(ResultSet set, string what, byte[] bytes) => Keep(new Key(set, typeof(byte[]), what), bytes, bytes.Length);

    /// <summary>Lets go of a message that is kept in another form.</summary>
    /// <param name="set">What it was computed of.</param>
    /// <param name="what">What was asked.</param>
    public void Forget<T>(ResultSet set, string what) where T : class, IMessage => _kept.Remove(new Key(set, typeof(T), what));

    /// <summary>What the set itself keeps once it is computed, for example its comparisons.</summary>
    public Task<T> OfSetAsync<T>(ResultSet set, Func<ResultSet, T> compute, CancellationToken cancellationToken) where T : class =>
        GetAsync(set, typeof(T).Name, _long, () => compute(set), _ => 1, cancellationToken);

    /// <summary>Lets go of what has been kept for long enough.</summary>
    public void ForgetExpired() => _kept.Compact(0);

    public void Dispose()
    {
        _kept.Dispose();
        _short.Dispose();
        _long.Dispose();
    }

    private async Task<T> GetAsync<T>(
        ResultSet set, string what, SemaphoreSlim lane, Func<T> compute, Func<T, long> size, CancellationToken cancellationToken) where T
            : class
    {
        var key = new Key(set, typeof(T), what);
        Work work;
        lock (_gate)
        {
            if (_kept.TryGetValue(key, out T? known)) return known!;
            if (!_underWay.TryGetValue(key, out work!)) _underWay[key] = work = new Work();
            // The one who comes first begins it; nobody's own cancellation stops it for the others.
            if (++work.Waiting == 1) work.Done ??= Task.Run(() => ComputeAsync(key, work, lane, compute, size), CancellationToken.None);
        }

        try
        {
            return (T)await work.Done!.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_gate) work.Waiting--;
        }
    }

    private async Task<object> ComputeAsync<T>(Key key, Work work, SemaphoreSlim lane, Func<T> compute, Func<T, long> size) where T : class
    {
        await lane.WaitAsync();
        try
        {
            lock (_gate)
            {
                if (work.Waiting == 0)
                {
                    _underWay.Remove(key);
                    throw new OperationCanceledException("Nobody waits for it any more.");
                }
            }

            var computed = compute();
            Keep(key, computed, size(computed));
            return computed;
        }
        finally
        {
            lane.Release();
            var isIdle = false;
            lock (_gate)
            {
                if (_underWay.TryGetValue(key, out var mine) && ReferenceEquals(mine, work)) _underWay.Remove(key);
                isIdle = _underWay.Count == 0;
            }

            if (isIdle) Idle?.Invoke();
        }
    }

    private void Keep<T>(Key key, T value, long size) => _kept.Set(key, value, new MemoryCacheEntryOptions
    {
        Size = size,
        SlidingExpiration = KeptFor,
    });

    private sealed record Key(ResultSet Set, Type Type, string What);

    private sealed class Work
    {
        public int Waiting { get; set; }

        public Task<object>? Done { get; set; }
    }
}
