using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LiveClin.Core.Cases;

namespace LiveClin.Core.Exchange;

/// <summary>A question's options as a JSON object, <c>{"A":"…","B":"…"}</c>, in the order in which they are shown.</summary>
internal static class OptionsJson
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text; null where the options are not known (v1 files).</summary>
    public static string? Of(Question question)
    {
        if (question.Options.IsEmpty) return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            foreach (var option in question.Options) json.WriteString(option.Letter, option.Text);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
