using System.Text.Json;

namespace LiveClin.Evaluator.Models;

/// <summary>Replies that a content filter has withheld, where that is told beside the text and by no finish reason.</summary>
internal static class WithheldReply
{
    private static readonly string[] MiniMaxFlags = ["input_sensitive", "output_sensitive"];

    private static readonly string[] AzureResults = ["content_filter_results", "content_filter_result"];

    /// <summary>The failure that a reply without text is; null where nothing of a filter is said.</summary>
    /// <param name="root">The reply, or an event of a stream.</param>
    /// <param name="choice">Its choice; undefined for none.</param>
    public static ModelCallException? FailureOf(JsonElement root, JsonElement choice) =>
        (ReasonOf(root) ?? AzureReason(choice)) is { } reason
        ? FailureRules.Filtered($"The provider's content filter withheld the reply ({reason}).") : null;

    private static string? ReasonOf(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return null;
        // Gemini: {"promptFeedback":{"blockReason":"SAFETY"}}, or as its Python library writes it
        if (root.TryGetProperty("promptFeedback", out var feedback) || root.TryGetProperty("prompt_feedback", out feedback))
            if ((ChatReply.TextOf(feedback, "blockReason") ?? ChatReply.TextOf(feedback, "block_reason")) is { } block)
                return $"blockReason {ErrorText.Shorten(block)}";
        if (MiniMaxFlags.FirstOrDefault(flag => IsTrue(root, flag)) is { } raised) return raised;
        // Azure: {"choices":[],"prompt_filter_results":[{"content_filter_results":{"violence":{"filtered":true,"severity":"high"}}}]}
        return root.TryGetProperty("prompt_filter_results", out var results) && results.ValueKind == JsonValueKind.Array
            ? results.EnumerateArray().Select(AzureReason).FirstOrDefault(reason => reason is not null) : null;
    }

    // What stands beside a prompt or in a choice: {"content_filter_results":{"violence":{"filtered":true}}}
    private static string? AzureReason(JsonElement place) => place.ValueKind != JsonValueKind.Object ? null : AzureResults
        .Select(name => place.TryGetProperty(name, out var filters) && filters.ValueKind == JsonValueKind.Object ? filters : default)
        .Where(filters => filters.ValueKind == JsonValueKind.Object)
        .SelectMany(filters => filters.EnumerateObject())
        .Where(filter => IsTrue(filter.Value, "filtered"))
        .Select(filter => ErrorText.Shorten(filter.Name)).FirstOrDefault();

    private static bool IsTrue(JsonElement parent, string name) => parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
