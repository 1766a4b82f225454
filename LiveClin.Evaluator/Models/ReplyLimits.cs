namespace LiveClin.Evaluator.Models;

/// <summary>
/// How much of servers' replies is held in memory: of each, and of all that are being read. What passes it fails its question.
/// </summary>
/// <param name="each">Longest reply in bytes, after decompression.</param>
internal sealed class ReplyLimits(long each)
{
    /// <summary>16 MiB; a chat completion has some kilobytes.</summary>
    public const long DefaultBytes = 16L << 20;

    /// <summary>Least and most that may be set, in bytes.</summary>
    public const long Least = 64L << 10, Most = 1L << 30;

    // Enough for a hundred ordinary replies beside some endless ones.
    private const int Together = 16;

    private long _held;

    /// <summary>Longest reply in bytes.</summary>
    public long Each => each;

    /// <summary>Most bytes of all replies that are being read.</summary>
    public long All => each * Together;

    /// <summary>Bytes of all replies that are being read now.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>Counts the bytes of one reply; disposing of it gives them back.</summary>
    public Reading Begin() => new(this);

    /// <summary>One reply while it is read.</summary>
    internal sealed class Reading(ReplyLimits limits) : IDisposable
    {
        private long _bytes;

        /// <summary>Counts more bytes; says why no more may be read, or null.</summary>
        public string? Add(int bytes)
        {
            _bytes += bytes;
            var held = Interlocked.Add(ref limits._held, bytes);
            if (_bytes > limits.Each) return $"is longer than {Size(limits.Each)}";
            return held > limits.All ? $"and the others that are under way are longer than {Size(limits.All)} together" : null;
        }

        public void Dispose()
        {
            Interlocked.Add(ref limits._held, -_bytes);
            _bytes = 0;
        }

        private static string Size(long bytes) => bytes >= 1 << 20 ? $"{bytes >> 20} MiB" : $"{bytes >> 10} KiB";
    }
}
