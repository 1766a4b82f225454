using System.Collections.Concurrent;
using System.Globalization;

namespace LiveClin.Evaluator.Datasets;

/// <summary>Counts what a download has got, from several files at once.</summary>
internal sealed class DownloadProgress(int files, long bytes, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, long> _positions = new(StringComparer.Ordinal);
    private readonly long _start = time.GetTimestamp();
    private int _filesDone;
    private long _bytesDone;
    private long _bytesFetched;

    /// <summary>How much of a file is there now; it may also have become less.</summary>
    public void At(string file, long position)
    {
        // One file is worked on by one thread.
        Interlocked.Add(ref _bytesDone, position - _positions.GetValueOrDefault(file));
        _positions[file] = position;
    }

    /// <summary>Bytes that came over the network; they make the rate.</summary>
    public void Fetched(long size) => Interlocked.Add(ref _bytesFetched, size);

    public void FileDone() => Interlocked.Increment(ref _filesDone);

    /// <summary>For example <c>12/2971 files, 103.2/987.0 MB, 25.3 MB/s, ETA 35 s</c>.</summary>
    public override string ToString()
    {
        var (done, fetched, seconds) = (Interlocked.Read(ref _bytesDone), Interlocked.Read(ref _bytesFetched),
            time.GetElapsedTime(_start).TotalSeconds);
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{Volatile.Read(ref _filesDone)}/{files} files, {done / 1e6:F1}/{bytes / 1e6:F1} MB");
        if (fetched <= 0 || seconds <= 0) return text;
        var rate = fetched / seconds;
        return text + string.Create(CultureInfo.InvariantCulture, $", {rate / 1e6:F1} MB/s")
            + (done < bytes ? $", ETA {Eta((bytes - done) / rate)}" : "");
    }

    private static string Eta(double seconds) => seconds switch
    {
        < 60 => $"{(int)Math.Ceiling(seconds)} s",
        < 3600 => $"{(int)seconds / 60} min {(int)seconds % 60:00} s",
        _ => $"{(long)Math.Min(seconds, 1e9) / 3600} h {(long)Math.Min(seconds, 1e9) % 3600 / 60:00} min",
    };
}
