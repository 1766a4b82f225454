using System.Text.Json;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Models;

/// <summary>The tokens that a server says a request took.</summary>
internal static class ReplyUsage
{
    /// <summary>Reads them beside a reply; null for what it does not say, or what cannot be.</summary>
    /// <param name="root">What has a field <c>usage</c>.</param>
    public static TokenUsage Of(JsonElement root)
    {
        if (!root.TryGetProperty("usage", out var usage) || usage.ValueKind != JsonValueKind.Object) return TokenUsage.Unknown;
        var said = new TokenUsage(
            ChatReply.Number(usage, "prompt_tokens"),
            Nested(usage, "prompt_tokens_details", "cached_tokens"),
            ChatReply.Number(usage, "completion_tokens"),
            Nested(usage, "completion_tokens_details", "reasoning_tokens") ?? ChatReply.Number(usage, "reasoning_tokens"));
        return said with { Output = said.Output + Beside(said, TokenUsage.Believed(ChatReply.Number(usage, "total_tokens"))) };
    }

    // xAI and Gemini's compatible API charge what was thought and count it beside completion_tokens, in total_tokens only.
    // Sample: {"prompt_tokens":100,"completion_tokens":10,"total_tokens":10110,"completion_tokens_details":{"reasoning_tokens":10000}}
    private static long Beside(TokenUsage said, long? total)
    {
        if ((total - said.Input - said.Output) is not (> 0 and var rest)) return 0;
        // A gateway that leaves cached tokens out of prompt_tokens.
        if (rest == said.CachedInput) return 0;
        if (said.Reasoning is not { } thought) return rest;
        return thought <= rest ? thought : 0;
    }

    private static long? Nested(JsonElement parent, string name, string field) =>
        parent.TryGetProperty(name, out var child) ? ChatReply.Number(child, field) : null;
}
