using LiveClin.Core.Text;

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
/// The finish reasons of all providers, one table, compared without case and without what parts words. With a letter in it a truncated or
/// filtered reply is marked all the same.
/// </summary>
public static class FinishReasons
{
    private const string Enumeration = "finishreason", Error = "error";
    private static readonly string[] NoErrors = ["noerror", "errornone"];

    // network_error, upstream_failure, …: each names what broke.
    private static readonly string[] Breaks = [Error, "failure", "exception"];

    // What some write behind the name of a limit: max_tokens_reached (LM Studio: maxPredictedTokensReached).
    private static readonly string[] Reached = ["reached", "exceeded"];

    // Without what parts their words: maxTokens, MAX_TOKENS and max-tokens are one.
    private static readonly Dictionary<string, ReplyEnding> Known = new[]
    {
        // OpenAI, vLLM, SGLang, llama.cpp · Gemini, Bedrock · Mistral · Anthropic · Cohere (its context's limit) · watsonx · TGI
        // vLLM ends a reply that goes round in circles (repetition_detection): it would have gone on to its token limit.
        (ReplyEnding.Truncated, "length max_tokens max_output_tokens max_completion_tokens max_new_tokens max_predicted_tokens max_length "
            + "model_length model_context_window context_window context_length token_limit error_limit repetition incomplete"),
        // OpenAI, Azure, DeepSeek · Gemini ("flagged for …") · GLM, Hunyuan · Bedrock · Cohere · gateways
        (ReplyEnding.Filtered, "content_filter content_filtered filtered safety recitation language prohibited_content blocklist spii "
            + "model_armor image_safety image_prohibited_content image_recitation sensitive guardrail_intervened error_toxic blocked "
            + "moderation"),
        // Anthropic
        (ReplyEnding.Refused, "refusal refused"),
        // SGLang, vLLM · OpenRouter, Mistral, Cohere · DeepSeek · watsonx, TensorRT-LLM · Anthropic (a pause is no end) · gateways and
        // servers that name what went wrong · Gemini: "all other reasons that stopped the token generation", and calls of tools, of which
        // this program offers none
        (ReplyEnding.BrokenOff, "abort aborted cancel cancelled canceled user_cancel insufficient_system_resource interrupt "
            + "interrupted preempted failed terminated not_finished in_progress pause_turn timeout time_limit deadline_exceeded overloaded "
            + "engine_overloaded disconnected unload other malformed_function_call malformed_response malformed_model_output "
            + "malformed_tool_use unexpected_tool_call too_many_tool_calls"),
    }.SelectMany(row => row.Item2.Split(' '), (row, word) => (Word: CodeWord.Plain(word), Ending: row.Item1))
        .ToDictionary(known => known.Word, known => known.Ending, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// What a finish reason says. Gateways put their own word before the provider's (<c>content_filter: PROHIBITED_CONTENT</c>), or the
    /// name of the enumeration that it comes from (<c>FinishReason.MAX_TOKENS</c>, <c>FINISH_REASON_SAFETY</c>).
    /// </summary>
    /// <param name="reason">The reason as the server sent it; null when it sent none.</param>
    public static ReplyEnding EndingOf(string? reason)
    {
        if (reason is null) return ReplyEnding.Complete;
        var word = CodeWord.Plain(reason.Split(':', 2)[0]);
        if (word.StartsWith(Enumeration, StringComparison.OrdinalIgnoreCase)) word = word[Enumeration.Length..];
        if (Known.TryGetValue(word, out var ending)) return ending;
        if (Reached.FirstOrDefault(end => word.EndsWith(end, StringComparison.OrdinalIgnoreCase)) is { } reached
            && Known.TryGetValue(word[..^reached.Length], out ending)) return ending;
        if (NoErrors.Contains(word, StringComparer.OrdinalIgnoreCase)) return ReplyEnding.Complete;
        return word.StartsWith(Error, StringComparison.OrdinalIgnoreCase)
            || Breaks.Any(end => word.EndsWith(end, StringComparison.OrdinalIgnoreCase))
            ? ReplyEnding.BrokenOff : ReplyEnding.Complete;
    }
}
