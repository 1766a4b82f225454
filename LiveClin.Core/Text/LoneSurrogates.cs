using System.Buffers.Text;

namespace LiveClin.Core.Text;

/// <summary>
/// Halves of surrogate pairs in the escapes of JSON (<c>"\ud83d"</c> alone), which servers written in JavaScript or Python send when a
/// character was cut in two.
/// No file or request in UTF-8 can hold them. U+FFFD in their place leaves the answer as it is: neither is a letter, a mark or white space.
/// </summary>
public static class LoneSurrogates
{
    private const int EscapeLength = 6; // \ud83d

    /// <summary>The JSON with every such half replaced, null when it has none.</summary>
    public static byte[]? Replaced(ReadOnlySpan<byte> json)
    {
        byte[]? result = null;
        for (var at = 0; json[at..].IndexOf((byte)'\\') is >= 0 and var found;)
        {
            at += found;
            var unit = Escaped(json[at..]);
            var isPair = char.IsHighSurrogate(unit) && char.IsLowSurrogate(Escaped(json[(at + EscapeLength)..]));
            if (char.IsSurrogate(unit) && !isPair) "fffd"u8.CopyTo((result ??= json.ToArray()).AsSpan(at + 2));
            at += isPair ? 2 * EscapeLength : unit == 0 ? Math.Min(2, json.Length - at) : EscapeLength;
        }

        return result;
    }

    // The UTF-16 unit of an escape that stands at the beginning, 0 for none.
    private static char Escaped(ReadOnlySpan<byte> json) =>
        json.StartsWith("\\u"u8) && json.Length >= EscapeLength
            && Utf8Parser.TryParse(json[2..EscapeLength], out ushort unit, out var read, 'x') && read == 4 ? (char)unit : '\0';
}
