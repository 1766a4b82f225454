using System.Text.Json;
using System.Text.Json.Nodes;

namespace LiveClin.Evaluator.Models;

/// <summary>A seed that was set is sent as seed + epoch − 1: else a deterministic server would repeat itself in every epoch.</summary>
internal static class EpochSeed
{
    private const string Field = "seed";

    /// <summary>The parameters as an epoch sends them; those of epoch 1, and those without a whole number as seed, unchanged.</summary>
    /// <param name="parametersJson">The parameters with their base seed, a JSON object.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    public static string In(string parametersJson, int epoch)
    {
        if (epoch == 1 || Find(parametersJson) is not { } seed) return parametersJson;
        var parameters = JsonNode.Parse(parametersJson)!.AsObject();
        parameters[Field] = seed + epoch - 1; // keeps its place
        return parameters.ToJsonString();
    }

    /// <summary>False when the last epoch's seed would be no 64-bit number any more.</summary>
    public static bool Fits(string parametersJson, int epochs) =>
        Find(parametersJson) is not { } seed || seed <= long.MaxValue - (epochs - 1);

    private static long? Find(string parametersJson)
    {
        using var document = JsonDocument.Parse(parametersJson);
        return document.RootElement.TryGetProperty(Field, out var seed) && seed.ValueKind == JsonValueKind.Number
            && seed.TryGetInt64(out var value) ? value : null;
    }
}
