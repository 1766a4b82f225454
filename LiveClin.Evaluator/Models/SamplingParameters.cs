using System.Text.Json;
using System.Text.Json.Nodes;

namespace LiveClin.Evaluator.Models;

/// <summary>The request's parameters; null is not sent.</summary>
public sealed record SamplingParameters
{
    /// <summary>Sampling temperature.</summary>
    public double? Temperature { get; init; }

    /// <summary>Nucleus sampling threshold.</summary>
    public double? TopP { get; init; }

    /// <summary>Upper bound of completion tokens.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>True when the bound travels as <c>max_completion_tokens</c>.</summary>
    public bool UsesMaxCompletionTokens { get; init; }

    /// <summary>Seed, for servers that honour one.</summary>
    public long? Seed { get; init; }

    /// <summary>Body fields for effort and budget of reasoning in the server's spelling, as a JSON object.</summary>
    public string? ReasoningBody { get; init; }

    /// <summary>Further body fields as a JSON object; they win over the ones above, and null takes a field out.</summary>
    public string? ExtraBody { get; init; }

    /// <summary>Every body field as an earlier run recorded it; the rest of these parameters is not heeded then.</summary>
    public string? Recorded { get; init; }

    /// <summary>v1's defaults: temperature 0 and 16,384 tokens.</summary>
    public static SamplingParameters Plain { get; } = new() { Temperature = 0, MaxTokens = 16384 };

    /// <summary>These parameters with every value that <paramref name="other"/> gives.</summary>
    public SamplingParameters With(SamplingParameters other) => this with
    {
        Temperature = other.Temperature ?? Temperature,
        TopP = other.TopP ?? TopP,
        MaxTokens = other.MaxTokens ?? MaxTokens,
        Seed = other.Seed ?? Seed,
        ReasoningBody = other.ReasoningBody ?? ReasoningBody,
        ExtraBody = other.ExtraBody ?? ExtraBody,
    };

    /// <summary>Every body field except model and messages, in a fixed order: what a run records, and what is sent.</summary>
    /// <exception cref="JsonException">The extra body is not a JSON object.</exception>
    public string ToJson()
    {
        if (Recorded is not null) return Recorded;
        var body = new JsonObject { ["n"] = 1 };
        if (Temperature is { } temperature) body["temperature"] = temperature;
        if (TopP is { } topP) body["top_p"] = topP;
        if (MaxTokens is { } maxTokens) body[UsesMaxCompletionTokens ? "max_completion_tokens" : "max_tokens"] = maxTokens;
        if (Seed is { } seed) body["seed"] = seed;
        if (ReasoningBody is not null)
            foreach (var (name, value) in JsonNode.Parse(ReasoningBody)!.AsObject()) body[name] = value?.DeepClone();
        foreach (var (name, value) in ParseExtraBody())
        {
            if (name is "model" or "messages" or "stream")
                throw new JsonException($"The extra body must not set '{name}': the program sets it.");
            if (value is null) body.Remove(name);
            else body[name] = value.DeepClone();
        }

        return body.ToJsonString();
    }

    private JsonObject ParseExtraBody()
    {
        if (ExtraBody is null) return [];
        return JsonNode.Parse(ExtraBody) as JsonObject
            ?? throw new JsonException("The extra body must be a JSON object, for example {\"top_k\": 20}.");
    }
}
