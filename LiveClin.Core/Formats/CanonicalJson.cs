using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LiveClin.Core.Formats;

/// <summary>One text for every way to write the same JSON value: names sorted, no blanks, numbers in their shortest form.</summary>
public static class CanonicalJson
{
    // Above this, a double no longer holds every whole number.
    private const double LargestExactInteger = 9_007_199_254_740_992;

    /// <summary>The canonical text of a JSON value.</summary>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static string Of(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Normalise(document.RootElement)?.ToJsonString() ?? "null";
    }

    private static JsonNode? Normalise(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(value.EnumerateObject()
            .OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => KeyValuePair.Create(field.Name, Normalise(field.Value)))),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(Normalise)]),
        JsonValueKind.Number => JsonNode.Parse(Shortest(value.GetRawText())),
        JsonValueKind.Null => null,
        _ => JsonNode.Parse(value.GetRawText()),
    };

    // 1, 1.0 and 1e0 are one temperature; a seed of twenty digits stays as it is.
    private static string Shortest(string number)
    {
        if (number.AsSpan().IndexOfAny('.', 'e', 'E') < 0) return number == "-0" ? "0" : number;
        var value = double.Parse(number, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value)) return number;
        return double.IsInteger(value) && Math.Abs(value) <= LargestExactInteger
            ? ((long)value).ToString(CultureInfo.InvariantCulture)
            : JsonValue.Create(value).ToJsonString();
    }
}
