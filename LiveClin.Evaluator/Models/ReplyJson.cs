using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using LiveClin.Core.Formats;
using LiveClin.Core.Text;

namespace LiveClin.Evaluator.Models;

/// <summary>JSON as servers send it.</summary>
internal static class ReplyJson
{
    /// <summary>Levels that are read; a chat completion has six.</summary>
    public const int Deepest = 256;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Deepest };

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>
    /// Reads a server's JSON as Python's readers, and so the published client, do: behind a byte order mark, with NaN among the log
    /// probabilities, and with halves of surrogate pairs, as U+FFFD, where a character was cut in two. What careless gateways let through
    /// loses nothing, either: bytes that are no UTF-8 (U+FFFD), raw control characters in strings, zeros behind the end.
    /// </summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        var text = WithoutMark(json);
        // Found only when a string is read, which is too late.
        if (!Utf8.IsValid(text.Span)) text = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text.Span));
        if (LoneSurrogates.Replaced(text.Span) is { } whole) text = whole;
        try
        {
            return JsonDocument.Parse(text, Options);
        }
        catch (JsonException)
        {
            var mended = Mended(text.Span);
            return JsonDocument.Parse(PythonConstants.AsStrings(mended) ?? mended, Options);
        }
    }

    // Raw control characters in strings are escaped, and zeros behind the end are left out.
    private static byte[] Mended(ReadOnlySpan<byte> json)
    {
        var text = Encoding.UTF8.GetString(json).TrimEnd('\0', ' ', '\t', '\r', '\n');
        var mended = new StringBuilder(text.Length + 16);
        var isString = false;
        for (var at = 0; at < text.Length; at++)
        {
            var unit = text[at];
            if (unit == '"') isString = !isString;
            if (isString && unit < ' ') mended.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            else mended.Append(unit);
            if (isString && unit == '\\' && at + 1 < text.Length) mended.Append(text[++at]);
        }

        return Encoding.UTF8.GetBytes(mended.ToString());
    }

    /// <summary>A text without the byte order mark before it.</summary>
    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> text) =>
        text.Span.StartsWith(ByteOrderMark) ? text[ByteOrderMark.Length..] : text;

    /// <summary>True for JSON that has more levels, as far as it is JSON.</summary>
    public static bool IsTooDeep(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
                if (reader.CurrentDepth >= Deepest) return true;
        }
        catch (JsonException)
        {
            // No JSON from here on.
        }

        return false;
    }

    /// <summary>A body as UTF-8: some servers on Windows send UTF-16, with or without a byte order mark.</summary>
    public static ReadOnlyMemory<byte> ToUtf8(ReadOnlyMemory<byte> body) => body.Span switch
    {
        [0xFF, 0xFE, ..] => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(body.Span[2..])),
        [0xFE, 0xFF, ..] => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(body.Span[2..])),
        // "{" or "[" beside a zero byte, which no UTF-8 text of JSON holds.
        [(byte)'{' or (byte)'[', 0, not 0, ..] => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(body.Span)),
        [0, (byte)'{' or (byte)'[', 0, not 0, ..] => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(body.Span)),
        _ => body,
    };
}
