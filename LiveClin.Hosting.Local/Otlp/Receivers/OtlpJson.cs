using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;

namespace LiveClin.Hosting.Local.Otlp.Receivers;

/// <summary>
/// OTLP's JSON is protobuf's, except that trace and span ids are hexadecimal instead of base64
/// (<c>{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174",…}</c>).
/// </summary>
internal static class OtlpJson
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 100 };

    public static T Parse<T>(Stream body)
        where T : IMessage<T>, new()
    {
        var root = JsonNode.Parse(body, documentOptions: Options) as JsonObject ?? throw new JsonException("The body must be a JSON object.");
        ConvertIds(root);
        return Parser.Parse<T>(root.ToJsonString());
    }

    public static string Format(IMessage message) => JsonFormatter.Default.Format(message);

    private static void ConvertIds(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list) ConvertIds(item);
            return;
        }

        if (node is not JsonObject map) return;
        foreach (var (name, value) in map.ToList())
        {
            if (name is "traceId" or "spanId" or "parentSpanId" or "trace_id" or "span_id" or "parent_span_id") map[name] = ToBase64(value);
            // Values of attributes hold no ids and may be large.
            else if (name is not ("attributes" or "body")) ConvertIds(value);
        }
    }

    private static string ToBase64(JsonNode? value)
    {
        var text = value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";
        try
        {
            return Convert.ToBase64String(Convert.FromHexString(text));
        }
        catch (FormatException)
        {
            // An id that is none: empty, so that its span alone is rejected.
            return "";
        }
    }
}
