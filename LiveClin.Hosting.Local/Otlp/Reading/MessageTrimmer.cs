using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveClin.Hosting.Local.Otlp.Store;

namespace LiveClin.Hosting.Local.Otlp.Reading;

/// <summary>
/// Captured messages are JSON and may hold images. Beyond the limit their long strings (images first of all) are
/// replaced by a note, so that the rest remains readable JSON instead of being cut in the middle.
/// </summary>
internal static class MessageTrimmer
{
    private const int LongString = 4096;

    public static string Trim(string value, TelemetryLimits limits)
    {
        if (value.Length <= limits.MaxMessageLength) return value;
        try
        {
            var node = JsonNode.Parse(value);
            Shorten(node);
            value = node?.ToJsonString() ?? "";
        }
        catch (JsonException)
        {
            // Not JSON: cut like any other text.
        }

        return ValueReader.Cut(value, limits.MaxMessageLength);
    }

    private static void Shorten(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (key, child) in map.ToList())
                {
                    if (Note(child) is { } note) map[key] = note;
                    else Shorten(child);
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    if (Note(list[i]) is { } note) list[i] = note;
                    else Shorten(list[i]);
                }

                break;
        }
    }

    private static string? Note(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > LongString
            ? string.Create(CultureInfo.InvariantCulture, $"[{text.Length:N0} characters not kept]")
            : null;
}
