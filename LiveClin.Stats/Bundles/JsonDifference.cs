using System.Text.Json;
using System.Text.Json.Nodes;

namespace LiveClin.Stats.Bundles;

/// <summary>Names the values in which two JSON documents differ.</summary>
internal static class JsonDifference
{
    private const int Most = 20;

    public static IEnumerable<string> Find(ReadOnlyMemory<byte> stated, ReadOnlyMemory<byte> computed)
    {
        JsonNode? first;
        try
        {
            first = JsonNode.Parse(stated.Span);
        }
        catch (JsonException error)
        {
            return [$"it is no JSON ({error.Message})"];
        }

        var found = Compare("$", first, JsonNode.Parse(computed.Span)).Take(Most + 1).ToList();
        if (found.Count == 0) return ["it is written otherwise, with the same values"];
        return found.Count <= Most ? found : [.. found.Take(Most), "… and more"];
    }

    private static IEnumerable<string> Compare(string path, JsonNode? stated, JsonNode? computed)
    {
        if (JsonNode.DeepEquals(stated, computed)) return [];
        return (stated, computed) switch
        {
            (JsonObject a, JsonObject b) => a.Select(field => field.Key).Union(b.Select(field => field.Key))
                .SelectMany(key => Compare($"{path}.{key}", a[key], b[key])),
            (JsonArray a, JsonArray b) when a.Count == b.Count =>
                a.Zip(b).SelectMany((pair, index) => Compare($"{path}[{index}]", pair.First, pair.Second)),
            _ => [$"{path} is {Show(stated)}; the answers give {Show(computed)}"],
        };
    }

    private static string Show(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "null";
        return text.Length <= 80 ? text : text[..80] + "…";
    }
}
