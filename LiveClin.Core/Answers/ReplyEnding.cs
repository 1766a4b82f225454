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

/// <summary>
/// The finish reasons of all providers, one table, compared without case. With a letter in it a truncated or filtered reply is marked all
/// the same.
/// </summary>
public static class FinishReasons
{
    private static readonly Dictionary<string, ReplyEnding> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        // OpenAI, vLLM, SGLang, llama.cpp · Gemini, Bedrock · Mistral · Anthropic · Cohere (its context's limit)
        ["length"] = ReplyEnding.Truncated,
        ["max_tokens"] = ReplyEnding.Truncated,
        ["max_output_tokens"] = ReplyEnding.Truncated,
        ["max_completion_tokens"] = ReplyEnding.Truncated,
        ["model_length"] = ReplyEnding.Truncated,
        ["model_context_window_exceeded"] = ReplyEnding.Truncated,
        ["context_length_exceeded"] = ReplyEnding.Truncated,
        ["error_limit"] = ReplyEnding.Truncated,

        // vLLM ends a reply that goes round in circles (repetition_detection): it would have gone on to its token limit.
        ["repetition"] = ReplyEnding.Truncated,

        // OpenAI, Azure, DeepSeek · Gemini ("flagged for …") · GLM
        ["content_filter"] = ReplyEnding.Filtered,
        ["safety"] = ReplyEnding.Filtered,
        ["recitation"] = ReplyEnding.Filtered,
        ["language"] = ReplyEnding.Filtered,
        ["prohibited_content"] = ReplyEnding.Filtered,
        ["blocklist"] = ReplyEnding.Filtered,
        ["spii"] = ReplyEnding.Filtered,
        ["model_armor"] = ReplyEnding.Filtered,
        ["image_safety"] = ReplyEnding.Filtered,
        ["image_prohibited_content"] = ReplyEnding.Filtered,
        ["image_recitation"] = ReplyEnding.Filtered,
        ["sensitive"] = ReplyEnding.Filtered,
        ["content_filtered"] = ReplyEnding.Filtered,

        // Bedrock · Cohere
        ["guardrail_intervened"] = ReplyEnding.Filtered,
        ["error_toxic"] = ReplyEnding.Filtered,

        // Anthropic
        ["refusal"] = ReplyEnding.Refused,

        // SGLang, vLLM · OpenRouter, Mistral, Cohere · DeepSeek · GLM
        ["abort"] = ReplyEnding.BrokenOff,
        ["aborted"] = ReplyEnding.BrokenOff,
        ["cancelled"] = ReplyEnding.BrokenOff,
        ["user_cancel"] = ReplyEnding.BrokenOff,
        ["error"] = ReplyEnding.BrokenOff,
        ["insufficient_system_resource"] = ReplyEnding.BrokenOff,
        ["network_error"] = ReplyEnding.BrokenOff,

        // Gateways and servers that name what went wrong
        ["timeout"] = ReplyEnding.BrokenOff,
        ["engine_overloaded"] = ReplyEnding.BrokenOff,
        ["server_error"] = ReplyEnding.BrokenOff,
        ["model_error"] = ReplyEnding.BrokenOff,

        // Gemini: "all other reasons that stopped the token generation", and calls of tools, of which this program offers none
        ["other"] = ReplyEnding.BrokenOff,
        ["malformed_function_call"] = ReplyEnding.BrokenOff,
        ["malformed_response"] = ReplyEnding.BrokenOff,
        ["unexpected_tool_call"] = ReplyEnding.BrokenOff,
        ["too_many_tool_calls"] = ReplyEnding.BrokenOff,
    };

    /// <summary>
    /// What a finish reason says. Gateways put their own word before the provider's: <c>content_filter: PROHIBITED_CONTENT</c>.
    /// </summary>
    /// <param name="reason">The reason as the server sent it; null when it sent none.</param>
    public static ReplyEnding EndingOf(string? reason)
    {
        if (reason is null) return ReplyEnding.Complete;
        // Some write content-filter.
        var word = reason.Trim().Replace('-', '_');
        if (Known.TryGetValue(word, out var ending)) return ending;
        return Known.GetValueOrDefault(word.Split(':', 2)[0].Trim(), ReplyEnding.Complete);
    }
}
