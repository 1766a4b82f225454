using System.Text.Json;

namespace LiveClin.Evaluator.Models;

/// <summary>Takes a message, or a piece of one, apart into what it says, what it thinks, and why it refuses.</summary>
internal static class MessageParts
{
    /// <summary>The parts of a message or of a stream's delta; each null where there is nothing of it.</summary>
    public static ChatReply.Said Of(JsonElement message)
    {
        var content = message.ValueKind == JsonValueKind.Object && message.TryGetProperty("content", out var found) ? found : default;
        var (text, thoughts, refusal) = content.ValueKind switch
        {
            JsonValueKind.String => (content.GetString(), null, null),
            JsonValueKind.Array => OfList(content),
            JsonValueKind.Object => OfPart(content), // a single part, without its list
            _ => default,
        };
        var reasoning = ChatReply.TextOf(message, "reasoning_content") ?? ChatReply.TextOf(message, "reasoning") ?? thoughts;
        return new ChatReply.Said(text, reasoning, ChatReply.TextOf(message, "refusal") ?? refusal);
    }

    private static (string? Text, string? Thoughts, string? Refusal) OfList(JsonElement list)
    {
        var parts = list.EnumerateArray().Select(OfPart).ToList();
        return (string.Concat(parts.Select(part => part.Text)), Joined(parts.Select(part => part.Thoughts)),
            Joined(parts.Select(part => part.Refusal)));
    }

    // Only what is known to be said is: what a part of another type holds is something that the model thought, quoted or looked up.
    // Samples: {"type":"text","text":…} · {"type":"output_text","text":…} · {"type":"refusal","refusal":…} · {"type":"reasoning","text":…}
    // · {"type":"thinking","thinking":[{"type":"text","text":…}]} (Mistral) · {"text":…,"thought":true} (Gemini)
    private static (string? Text, string? Thoughts, string? Refusal) OfPart(JsonElement part)
    {
        if (part.ValueKind == JsonValueKind.String) return (part.GetString(), null, null);
        if (part.ValueKind != JsonValueKind.Object) return default;
        var text = ChatReply.TextOf(part, "text");
        var isThought = part.TryGetProperty("thought", out var thought) && thought.ValueKind == JsonValueKind.True;
        return ChatReply.TextOf(part, "type")?.ToLowerInvariant() switch
        {
            null or "text" or "output_text" when !isThought => (text, null, null),
            "refusal" => (null, null, ChatReply.TextOf(part, "refusal") ?? text),
            _ => (null, text ?? Thoughts(part), null),
        };
    }

    private static string? Thoughts(JsonElement part) => !part.TryGetProperty("thinking", out var thinking) ? null
        : thinking.ValueKind == JsonValueKind.Array ? OfList(thinking).Text : ChatReply.TextOf(part, "thinking");

    private static string? Joined(IEnumerable<string?> parts) => string.Concat(parts) is { Length: > 0 } joined ? joined : null;
}
