using System.Globalization;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Collections;
using LiveClin.Hosting.Local.Otlp.Protocol;
using LiveClin.Hosting.Local.Otlp.Store;

namespace LiveClin.Hosting.Local.Otlp.Reading;

/// <summary>Turns values as received into text within the limits.</summary>
internal sealed class ValueReader(TelemetryLimits limits)
{
    private const int MaxDepth = 16;
    private readonly StringPool _pool = new();

    public string Name(string name) => _pool.Pool(Cut(name, Math.Min(1024, limits.MaxTextLength)));

    public string Text(string text) => Cut(text, limits.MaxTextLength);

    /// <summary>Lower-case hexadecimal digits, or null unless the id has the length wanted and is not all zero.</summary>
    public static string? Id(ByteString id, int length) =>
        id.Length == length && id.Span.ContainsAnyExcept((byte)0) ? Convert.ToHexStringLower(id.Span) : null;

    public static DateTime Time(ulong unixNanoseconds) => DateTime.UnixEpoch.AddTicks((long)(unixNanoseconds / 100));

    public TelemetryAttribute[] Attributes(RepeatedField<KeyValue> source, out int dropped)
    {
        var count = Math.Min(source.Count, limits.MaxAttributes);
        dropped = source.Count - count;
        if (count == 0) return [];
        var attributes = new TelemetryAttribute[count];
        for (var i = 0; i < count; i++)
        {
            var key = Name(source[i].Key);
            var value = Value(source[i].Value);
            value = key.StartsWith("gen_ai.", StringComparison.Ordinal) ? MessageTrimmer.Trim(value, limits) : Cut(value, limits.MaxTextLength);
            attributes[i] = new(key, _pool.Pool(value));
        }

        return attributes;
    }

    public static string Value(AnyValue? value) => value?.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        AnyValue.ValueOneofCase.IntValue => value.IntValue.ToString(CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue.ToString("R", CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.BytesValue => Convert.ToBase64String(value.BytesValue.Span),
        AnyValue.ValueOneofCase.ArrayValue or AnyValue.ValueOneofCase.KvlistValue => Json(value),
        _ => "",
    };

    private static string Json(AnyValue value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(writer, value, 0);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void Write(Utf8JsonWriter writer, AnyValue? value, int depth)
    {
        switch (value?.ValueCase)
        {
            case AnyValue.ValueOneofCase.ArrayValue when depth < MaxDepth:
                writer.WriteStartArray();
                foreach (var item in value.ArrayValue.Values) Write(writer, item, depth + 1);
                writer.WriteEndArray();
                break;
            case AnyValue.ValueOneofCase.KvlistValue when depth < MaxDepth:
                writer.WriteStartObject();
                foreach (var pair in value.KvlistValue.Values)
                {
                    writer.WritePropertyName(pair.Key);
                    Write(writer, pair.Value, depth + 1);
                }

                writer.WriteEndObject();
                break;
            case AnyValue.ValueOneofCase.ArrayValue or AnyValue.ValueOneofCase.KvlistValue:
                writer.WriteStringValue("…");
                break;
            case AnyValue.ValueOneofCase.BoolValue:
                writer.WriteBooleanValue(value.BoolValue);
                break;
            case AnyValue.ValueOneofCase.IntValue:
                writer.WriteNumberValue(value.IntValue);
                break;
            case AnyValue.ValueOneofCase.DoubleValue when double.IsFinite(value.DoubleValue):
                writer.WriteNumberValue(value.DoubleValue);
                break;
            case null or AnyValue.ValueOneofCase.None:
                writer.WriteNullValue();
                break;
            default:
                writer.WriteStringValue(Value(value));
                break;
        }
    }

    internal static string Cut(string text, int length)
    {
        if (text.Length <= length) return text;
        // Never between the halves of a surrogate pair.
        if (char.IsHighSurrogate(text[length - 1])) length--;
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, length)}… [{text.Length - length:N0} more characters not kept]");
    }
}
