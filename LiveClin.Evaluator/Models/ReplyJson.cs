using System.Text;
using System.Text.Json;

namespace LiveClin.Evaluator.Models;

/// <summary>JSON as servers send it.</summary>
internal static class ReplyJson
{
    /// <summary>Levels that are read; a chat completion has six.</summary>
    public const int Deepest = 256;

    /// <summary>How it is read.</summary>
    public static JsonDocumentOptions Options { get; } = new() { MaxDepth = Deepest };

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
