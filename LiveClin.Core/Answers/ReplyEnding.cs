namespace LiveClin.Core.Answers;

/// <summary>How a server says that a reply ended.</summary>
public enum ReplyEnding
{
    /// <summary>The model had finished; also where the server gives no reason, or one that nobody knows.</summary>
    Complete = 0,

    /// <summary>The token limit.</summary>
    Truncated = 1,

    /// <summary>A content filter of the provider.</summary>
    Filtered = 2,

    /// <summary>The model declined.</summary>
    Refused = 3,

    /// <summary>Something broke on the way: what there is of the reply is no answer.</summary>
    BrokenOff = 4,
}

/// <summary>The finish reasons of all providers, one table, compared without case.</summary>
public static class FinishReasons
{
    private static readonly Dictionary<string, ReplyEnding> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        // OpenAI, vLLM, SGLang, llama.cpp · Gemini · Anthropic · Mistral
        ["length"] = ReplyEnding.Truncated,
        ["max_tokens"] = ReplyEnding.Truncated,
        ["max_output_tokens"] = ReplyEnding.Truncated,
        ["model_length"] = ReplyEnding.Truncated,
        ["model_context_window_exceeded"] = ReplyEnding.Truncated,

        // OpenAI, Azure, DeepSeek · Gemini · GLM
        ["content_filter"] = ReplyEnding.Filtered,
        ["safety"] = ReplyEnding.Filtered,
        ["recitation"] = ReplyEnding.Filtered,
        ["prohibited_content"] = ReplyEnding.Filtered,
        ["blocklist"] = ReplyEnding.Filtered,
        ["spii"] = ReplyEnding.Filtered,
        ["image_safety"] = ReplyEnding.Filtered,
        ["sensitive"] = ReplyEnding.Filtered,
        ["content_filtered"] = ReplyEnding.Filtered,

        // Bedrock · Cohere
        ["guardrail_intervened"] = ReplyEnding.Filtered,
        ["error_toxic"] = ReplyEnding.Filtered,

        // Anthropic
        ["refusal"] = ReplyEnding.Refused,

        // SGLang, vLLM · OpenRouter, Mistral · DeepSeek · GLM · Gemini
        ["abort"] = ReplyEnding.BrokenOff,
        ["aborted"] = ReplyEnding.BrokenOff,
        ["cancelled"] = ReplyEnding.BrokenOff,
        ["error"] = ReplyEnding.BrokenOff,
        ["insufficient_system_resource"] = ReplyEnding.BrokenOff,
        ["network_error"] = ReplyEnding.BrokenOff,
        ["malformed_function_call"] = ReplyEnding.BrokenOff,
    };

    /// <summary>What a finish reason says. Gateways put their own word before the provider's: <c>content_filter: PROHIBITED_CONTENT</c>.</summary>
    /// <param name="reason">The reason as the server sent it; null when it sent none.</param>
    public static ReplyEnding EndingOf(string? reason)
    {
        if (reason is null) return ReplyEnding.Complete;
        if (Known.TryGetValue(reason.Trim(), out var ending)) return ending;
        var first = reason.Split(':', 2)[0].Trim();
        return Known.GetValueOrDefault(first, ReplyEnding.Complete);
    }
}
