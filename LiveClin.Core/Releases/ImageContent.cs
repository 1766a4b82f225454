using Microsoft.Win32.SafeHandles;

namespace LiveClin.Core.Releases;

/// <summary>Looks whether a file is the image that its name says, by its first bytes and its end; nothing is decoded.</summary>
internal static class ImageContent
{
    private const int HeadLength = 64;

    // Cameras and editors leave padding and previews behind the end marker.
    private const int TailLength = 4096;

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["image/jpeg"] = "JPEG", ["image/png"] = "PNG", ["image/gif"] = "GIF", ["image/webp"] = "WebP", ["image/bmp"] = "BMP",
        ["image/tiff"] = "TIFF",
    };

    /// <summary>What is wrong with a file, as part of a sentence; null when nothing speaks against it.</summary>
    /// <param name="handle">The file.</param>
    /// <param name="mediaType">What its name says; of types that are not known by their bytes zeros and web pages are found only.</param>
    /// <param name="length">Its length in bytes.</param>
    public static string? FindProblem(SafeFileHandle handle, string mediaType, long length)
    {
        Span<byte> buffer = stackalloc byte[HeadLength];
        var head = buffer[..RandomAccess.Read(handle, buffer, 0)];
        if (head.IndexOfAnyExcept((byte)0) < 0) return "holds zeros where an image begins: an unfinished download or a damaged disk";
        if (IsWebPage(head)) return "is a web page and no image";
        if (!Names.TryGetValue(mediaType, out var named)) return null;
        if (TypeOf(head) is not { } type)
            return $"is no image of a known kind, although its name says {named}: it begins with {Convert.ToHexString(head[..Math.Min(4, head.Length)])}";
        if (type != mediaType) return $"is a {Names[type]} by its content, although its name says {named}; it is sent as {mediaType}";
        return IsWhole(handle, type, head, length) ? null : $"ends before the end of a {named}: it was cut off";
    }

    private static string? TypeOf(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> jpeg = [0xFF, 0xD8, 0xFF], png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
        ReadOnlySpan<byte> littleTiff = [(byte)'I', (byte)'I', 42, 0], bigTiff = [(byte)'M', (byte)'M', 0, 42];
        if (head.StartsWith(jpeg)) return "image/jpeg";
        if (head.StartsWith(png)) return "image/png";
        if (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8)) return "image/gif";
        if (head.StartsWith("RIFF"u8) && head.Length >= 12 && head[8..12].SequenceEqual("WEBP"u8)) return "image/webp";
        if (head.StartsWith("BM"u8)) return "image/bmp";
        return head.StartsWith(littleTiff) || head.StartsWith(bigTiff) ? "image/tiff" : null;
    }

    private static bool IsWebPage(ReadOnlySpan<byte> head)
    {
        var text = System.Text.Encoding.Latin1.GetString(head).TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\r', '\n', '\t');
        return text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<head", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsWhole(SafeFileHandle handle, string type, ReadOnlySpan<byte> head, long length)
    {
        // Samples: RIFF, the length of what follows in four bytes, WEBP · BM, the length of the whole, or 0
        if (type is "image/webp") return BitConverter.ToUInt32(head[4..8]) + 8L <= length;
        if (type is "image/bmp") return head.Length >= 6 && BitConverter.ToUInt32(head[2..6]) <= length;
        // A GIF's is a semicolon behind an empty block: without that it is in any bytes.
        ReadOnlySpan<byte> endOfJpeg = [0xFF, 0xD9], endOfGif = [0x00, 0x3B];
        var end = type switch { "image/jpeg" => endOfJpeg, "image/png" => "IEND"u8, "image/gif" => endOfGif, _ => default };
        if (end.IsEmpty) return true;
        var buffer = new byte[(int)Math.Min(TailLength, length)];
        var tail = buffer.AsSpan(0, RandomAccess.Read(handle, buffer, length - buffer.Length));
        return tail.IndexOf(end) >= 0 || (type is "image/gif" && tail.TrimEnd((byte)0).EndsWith(endOfGif[1..]));
    }
}
