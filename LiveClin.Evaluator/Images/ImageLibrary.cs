using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using LiveClin.Core.Releases;
using LiveClin.Core.Conditions;

namespace LiveClin.Evaluator.Images;

/// <summary>An image as it stands in requests, encoded once and shared by every turn and model.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="Sha256">SHA-256 of the bytes that are sent, lower-case hexadecimal.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="ModifiedAt">When the file had been written last, before it was read.</param>
/// <param name="DataUri">The whole <c>data:…;base64,…</c> URI in ASCII.</param>
public sealed record EncodedImage(string Path, string Sha256, string MediaType, long Bytes, DateTime ModifiedAt,
    ReadOnlyMemory<byte> DataUri)
{
    /// <summary>SHA-256 of the file's bytes: other ones than those sent when grey stands in its place.</summary>
    public string FileSha256 { get; init; } = Sha256;

    /// <summary>True when grey of the file's size stands in its place.</summary>
    public bool IsBlank => FileSha256 != Sha256;
}

/// <summary>
/// Reads, hashes and base64-encodes each image once per process, and again when its file was written since. Keeps the most recently used
/// ones up to a budget; an image that a conversation holds stays valid when the library forgets it.
/// </summary>
public sealed class ImageLibrary
{
    /// <summary>Budget when nothing else is said: 128 MiB of encoded images.</summary>
    public const long DefaultBudget = 128L * 1024 * 1024;

    private readonly long _budget;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Path, bool IsBlank), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = new();
    private long _held;

    /// <summary>Creates a library that keeps at most <paramref name="budget"/> bytes of encoded images.</summary>
    public ImageLibrary(long budget = DefaultBudget) => _budget = budget;

    /// <summary>The image at a path; concurrent callers share one read.</summary>
    /// <param name="path">Full path of the file.</param>
    /// <param name="mediaType">Its media type.</param>
    /// <param name="isBlank">True for grey of its size in its place.</param>
    /// <param name="root">The real path of the folder below which it must lie; null for anywhere.</param>
    /// <exception cref="IOException">The file cannot be read, or its size in pixels is not known.</exception>
    public Task<EncodedImage> GetAsync(string path, string mediaType, bool isBlank = false, string? root = null)
    {
        var key = (path, isBlank);
        // A file that was written since is another image: this process may have sent the old one for hours.
        var modifiedAt = File.GetLastWriteTimeUtc(path);
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var node))
            {
                if (node.Value.ModifiedAt == modifiedAt)
                {
                    _byUse.Remove(node);
                    _byUse.AddFirst(node);
                    return node.Value.Image;
                }

                Forget(node);
            }

            var entry = new Entry(key, modifiedAt,
                Task.Run(() => isBlank ? EncodeBlank(path, root, modifiedAt) : Encode(path, root, modifiedAt, mediaType)));
            _entries[key] = _byUse.AddFirst(entry);
            _ = entry.Image.ContinueWith(done => Settle(key, done), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            return entry.Image;
        }
    }

    private void Settle((string Path, bool IsBlank) key, Task<EncodedImage> done)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var node) || node.Value.Image != done) return;
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
        _entries.Remove(node.Value.Key);
        _held -= node.Value.Size;
    }

    private static EncodedImage Encode(string path, string? root, DateTime modifiedAt, string mediaType)
    {
        using var file = RegularFile.OpenRead(path, root);
        var length = checked((int)file.Length);
        var raw = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            file.ReadExactly(raw, 0, length);
            var bytes = raw.AsSpan(0, length);
            return new EncodedImage(path, HashOf(bytes), mediaType, length, modifiedAt, DataUri(mediaType, bytes));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(raw);
        }
    }

    private static EncodedImage EncodeBlank(string path, string? root, DateTime modifiedAt)
    {
        const string Png = "image/png";
        var bytes = RegularFile.ReadAllBytes(path, root);
        var size = PixelSize.Read(bytes)
            ?? throw new IOException($"the size of {path} in pixels cannot be read, so that no grey image of its size can be made");
        var grey = BlankImage.Encode(size.Width, size.Height);
        return new EncodedImage(path, HashOf(grey), Png, bytes.Length, modifiedAt, DataUri(Png, grey)) { FileSha256 = HashOf(bytes) };
    }

    private static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] DataUri(string mediaType, ReadOnlySpan<byte> bytes)
    {
        var head = Encoding.ASCII.GetBytes($"data:{mediaType};base64,");
        var uri = new byte[head.Length + Base64.GetMaxEncodedToUtf8Length(bytes.Length)];
        head.CopyTo(uri, 0);
        Base64.EncodeToUtf8(bytes, uri.AsSpan(head.Length), out _, out _);
        return uri;
    }

    private sealed class Entry((string Path, bool IsBlank) key, DateTime modifiedAt, Task<EncodedImage> image)
    {
        public (string Path, bool IsBlank) Key { get; } = key;

        public DateTime ModifiedAt { get; } = modifiedAt;

        public Task<EncodedImage> Image { get; } = image;

        public long Size { get; set; }
    }
}
