using System.IO.Compression;
using System.Runtime.InteropServices;

namespace LiveClin.Evaluator.Models;

/// <summary>Bodies that are compressed in another way than their headers say, by their first bytes; none of them begins a text.</summary>
internal static class PackedReply
{
    private static ReadOnlySpan<byte> Gzip => [0x1F, 0x8B, 0x08];

    private static ReadOnlySpan<byte> Zstandard => [0x28, 0xB5, 0x2F, 0xFD];

    /// <summary>Reads what is in it; null for a text, and for what cannot be read at all.</summary>
    public static Stream? Unpack(ReadOnlyMemory<byte> body) => body.Span.StartsWith(Gzip) && MemoryMarshal.TryGetArray(body, out var bytes)
        ? new GZipStream(new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false), CompressionMode.Decompress) : null;

    /// <summary>What it is packed with; null for a text.</summary>
    public static string? NameOf(ReadOnlySpan<byte> body) =>
        body.StartsWith(Zstandard) ? "zstd" : body.StartsWith(Gzip) ? "gzip" : null;
}
