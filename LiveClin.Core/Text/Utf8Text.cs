using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace LiveClin.Core.Text;

/// <summary>Checks of UTF-8 text.</summary>
internal static class Utf8Text
{
    /// <summary>Zero-based position of the first byte that is not part of valid UTF-8; null when all is valid.</summary>
    public static int? FirstInvalidByte(ReadOnlySpan<byte> text)
    {
        if (Utf8.IsValid(text)) return null;
        var position = 0;
        while (Rune.DecodeFromUtf8(text[position..], out _, out var length) == OperationStatus.Done) position += length;
        return position;
    }
}
