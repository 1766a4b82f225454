using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace LiveClin.Evaluator.Images;

/// <summary>An image as it stands in requests, encoded once and shared by every turn and model.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="Sha256">SHA-256 of the file's bytes, lower-case hexadecimal.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="ModifiedAt">When the file had been written last, before it was read.</param>
/// <param name="DataUri">The whole <c>data:…;base64,…</c> URI in ASCII.</param>
public sealed record EncodedImage(string Path, string Sha256, string MediaType, long Bytes, DateTime ModifiedAt, ReadOnlyMemory<byte> DataUri);

/// <summary>
/// Reads, hashes and base64-encodes each image once per process, and again when its file was written since. Keeps the most recently used ones up to a budget; an image
/// that a conversation holds stays valid when the library forgets it.
/// </summary>
public sealed class ImageLibrary
{
    /// <summary>Budget when nothing else is said: 128 MiB of encoded images.</summary>
    public const long DefaultBudget = 128L * 1024 * 1024;

    private readonly long _budget;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();
    private long _held;

    /// <summary>Creates a library that keeps at most <paramref name="budget"/> bytes of encoded images.</summary>
    public ImageLibrary(long budget = DefaultBudget) => _budget = budget;

    /// <summary>The image at a path; concurrent callers share one read.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public Task<EncodedImage> GetAsync(string path, string mediaType)
    {
        // A file that was written since is another image: this process may have sent the old one for hours.
        var modifiedAt = File.GetLastWriteTimeUtc(path);
        lock (_lock)
        {
            if (_entries.TryGetValue(path, out var node))
            {
                if (node.Value.ModifiedAt == modifiedAt)
                {
                    _byUse.Remove(node);
                    _byUse.AddFirst(node);
                    return node.Value.Image;
                }

                Forget(node);
            }

            var entry = new Entry(path, modifiedAt, Task.Run(() => Encode(path, modifiedAt, mediaType)));
            _entries[path] = _byUse.AddFirst(entry);
            _ = entry.Image.ContinueWith(done => Settle(path, done), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return entry.Image;
        }
    }

    private void Settle(string path, Task<EncodedImage> done)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(path, out var node) || node.Value.Image != done) return;
            if (!done.IsCompletedSuccessfully)
            {
                // The next caller tries again.
                Forget(node);
                return;
            }

            node.Value.Size = done.Result.DataUri.Length;
            _held += node.Value.Size;
            while (_held > _budget && _byUse.Last is { } oldest && oldest != _byUse.First) Forget(oldest);
        }
    }

    private void Forget(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _entries.Remove(node.Value.Path);
        _held -= node.Value.Size;
    }

    private static EncodedImage Encode(string path, DateTime modifiedAt, string mediaType)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        var length = checked((int)file.Length);
        var raw = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            file.ReadExactly(raw, 0, length);
            var bytes = raw.AsSpan(0, length);
            var head = Encoding.ASCII.GetBytes($"data:{mediaType};base64,");
            var uri = new byte[head.Length + Base64.GetMaxEncodedToUtf8Length(length)];
            head.CopyTo(uri, 0);
            Base64.EncodeToUtf8(bytes, uri.AsSpan(head.Length), out _, out _);
            return new EncodedImage(path, Convert.ToHexStringLower(SHA256.HashData(bytes)), mediaType, length, modifiedAt, uri);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(raw);
        }
    }

    private sealed class Entry(string path, DateTime modifiedAt, Task<EncodedImage> image)
    {
        public string Path { get; } = path;

        public DateTime ModifiedAt { get; } = modifiedAt;

        public Task<EncodedImage> Image { get; } = image;

        public long Size { get; set; }
    }
}
