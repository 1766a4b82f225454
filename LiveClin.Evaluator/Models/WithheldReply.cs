using System.Text.Json;

namespace LiveClin.Evaluator.Models;

/// <summary>Replies that a content filter has withheld, where that is told beside the choices and by no finish reason.</summary>
internal static class WithheldReply
{
    private static readonly string[] MiniMaxFlags = ["input_sensitive", "output_sensitive"];

    /// <summary>The failure that a reply without text is; null where nothing of a filter is said.</summary>
    /// <param name="root">The reply, or an event of a stream.</param>
    public static ModelCallException? FailureOf(JsonElement root) => ReasonOf(root) is { } reason
        ? FailureRules.Filtered($"The provider's content filter withheld the reply ({reason}).") : null;

    private static string? ReasonOf(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return null;
        // Gemini: {"promptFeedback":{"blockReason":"SAFETY"}}
        if (root.TryGetProperty("promptFeedback", out var feedback) && ChatReply.TextOf(feedback, "blockReason") is { } block)
            return $"blockReason {block}";
        if (MiniMaxFlags.FirstOrDefault(flag => IsTrue(root, flag)) is { } raised) return raised;
        // Azure: {"choices":[],"prompt_filter_results":[{"content_filter_results":{"violence":{"filtered":true,"severity":"high"}}}]}
        if (!root.TryGetProperty("prompt_filter_results", out var results) || results.ValueKind != JsonValueKind.Array) return null;
        return results.EnumerateArray()
            .Where(result => result.ValueKind == JsonValueKind.Object && result.TryGetProperty("content_filter_results", out _))
            .Select(result => result.GetProperty("content_filter_results"))
            .Where(filters => filters.ValueKind == JsonValueKind.Object)
            .SelectMany(filters => filters.EnumerateObject())
            .FirstOrDefault(filter => IsTrue(filter.Value, "filtered")) is { Value.ValueKind: JsonValueKind.Object } filtered
                ? ErrorText.Shorten(filtered.Name) : null;
    }

    private static bool IsTrue(JsonElement parent, string name) => parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
