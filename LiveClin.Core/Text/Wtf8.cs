using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace LiveClin.Core.Text;

/// <summary>
/// UTF-8 that can hold any .NET string: a lone half of a surrogate pair, which UTF-8 proper has no form for, takes the three bytes of its
/// number (WTF-8, https://simonsapin.github.io/wtf-8/). Of text without such halves it is UTF-8.
/// </summary>
internal static class Wtf8
{
    // Of the three bytes of a half the first is 0xED and the second 0xA0 to 0xBF; UTF-8 has no such pair.
    private const byte FirstByte = 0xED, SecondByte = 0xA0;
    private const int Length = 3;

    /// <summary>The bytes of a text.</summary>
    public static byte[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (FindHalf(text, 0) is not { } half) return Encoding.UTF8.GetBytes(text);
        var bytes = new ArrayBufferWriter<byte>(text.Length * Length);
        var from = 0;
        for (int? next = half; next is { } at; next = FindHalf(text, from))
        {
            Encoding.UTF8.GetBytes(text.AsSpan(from, at - from), bytes);
            bytes.Write([FirstByte, (byte)(0x80 | ((text[at] >> 6) & 0x3F)), (byte)(0x80 | (text[at] & 0x3F))]);
            from = at + 1;
        }

        Encoding.UTF8.GetBytes(text.AsSpan(from), bytes);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The text of bytes that <see cref="Encode"/> made; U+FFFD stands for what it cannot have made.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes)) return Encoding.UTF8.GetString(bytes);
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            var half = FindHalf(bytes);
            text.Append(Encoding.UTF8.GetString(bytes[..half]));
            if (half == bytes.Length) break;
            text.Append((char)(0xD000 | ((bytes[half + 1] & 0x3F) << 6) | (bytes[half + 2] & 0x3F)));
            bytes = bytes[(half + Length)..];
        }

        return text.ToString();
    }

    /// <summary>True for text that UTF-8 cannot hold.</summary>
    public static bool IsNeededFor(string text) => FindHalf(text, 0) is not null;

    private static int? FindHalf(string text, int from)
    {
        for (var at = from; at < text.Length; at++)
        {
            var found = text.AsSpan(at).IndexOfAnyInRange('\uD800', '\uDFFF');
            if (found < 0) return null;
            at += found;
            if (!char.IsHighSurrogate(text[at]) || at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1])) return at;
            at++;
        }

        return null;
    }

    private static int FindHalf(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at + Length <= bytes.Length; at++)
        {
            var found = bytes[at..].IndexOf(FirstByte);
            if (found < 0) break;
            at += found;
            if (at + Length <= bytes.Length && bytes[at + 1] >= SecondByte && bytes[at + 1] <= 0xBF && (bytes[at + 2] & 0xC0) == 0x80)
                return at;
        }

        return bytes.Length;
    }
}
