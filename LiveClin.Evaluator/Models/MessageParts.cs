using System.Text.Json;

namespace LiveClin.Evaluator.Models;

/// <summary>Takes a message, or a piece of one, apart into what it says, what it thinks, and why it refuses.</summary>
internal static class MessageParts
{
    private static readonly string[] NotSaid =
        ["think", "thought", "reason", "analysis", "summary", "tool", "function", "search", "citation", "reference"];

    /// <summary>
    /// A choice's message; undefined where it has none. Some gateways that read a provider's stream leave it under the stream's name;
    /// without an ending that is a piece of one.
    /// </summary>
    public static JsonElement MessageOf(JsonElement choice, string? finish) =>
        Part(choice, "message") is var message && (message.ValueKind == JsonValueKind.Object || finish is null)
            ? message : Part(choice, "delta");

    private static JsonElement Part(JsonElement choice, string name) => choice.ValueKind == JsonValueKind.Object
        && choice.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Object ? part : default;

    /// <summary>The parts of a message or of a stream's delta; each null where there is nothing of it.</summary>
    public static ChatReply.Said Of(JsonElement message)
    {
        var content = message.ValueKind == JsonValueKind.Object && message.TryGetProperty("content", out var found) ? found : default;
        var said = content.ValueKind switch
        {
            JsonValueKind.String => new ChatReply.Said(content.GetString(), null, null),
            JsonValueKind.Array => OfList(content),
            JsonValueKind.Object => OfPart(content), // a single part, without its list
            _ => default,
        };
        return said with
        {
            Reasoning = ChatReply.TextOf(message, "reasoning_content") ?? ChatReply.TextOf(message, "reasoning") ?? said.Reasoning,
            Refusal = ChatReply.TextOf(message, "refusal") ?? said.Refusal,
        };
    }

    private static ChatReply.Said OfList(JsonElement list)
    {
        var parts = list.EnumerateArray().Select(OfPart).ToList();
        return new ChatReply.Said(string.Concat(parts.Select(part => part.Text)), Joined(parts.Select(part => part.Reasoning)),
            Joined(parts.Select(part => part.Refusal)), Joined(parts.Select(part => part.Other)));
    }

    // What is known to be said is; what a part of another type holds may be something that the model thought, quoted or looked up.
    // Samples: {"type":"text","text":…} · {"type":"output_text","text":…} · {"type":"refusal","refusal":…} · {"type":"reasoning","text":…}
    // · {"type":"thinking","thinking":[{"type":"text","text":…}]} (Mistral) · {"text":…,"thought":true} (Gemini)
    private static ChatReply.Said OfPart(JsonElement part)
    {
        if (part.ValueKind == JsonValueKind.String) return new ChatReply.Said(part.GetString(), null, null);
        if (part.ValueKind != JsonValueKind.Object) return default;
        var text = ChatReply.TextOf(part, "text");
        var type = ChatReply.TextOf(part, "type")?.ToLowerInvariant();
        if (part.TryGetProperty("thought", out var thought) && thought.ValueKind == JsonValueKind.True) type = "thought";
        return type switch
        {
            null or "text" or "output_text" => new ChatReply.Said(text, null, null),
            "refusal" => new ChatReply.Said(null, null, ChatReply.TextOf(part, "refusal") ?? text),
            _ when NotSaid.Any(word => type.Contains(word, StringComparison.Ordinal)) =>
                new ChatReply.Said(null, text ?? Thoughts(part), null),
            _ => new ChatReply.Said(null, null, null, text),
        };
    }

    private static string? Thoughts(JsonElement part) => !part.TryGetProperty("thinking", out var thinking) ? null
        : thinking.ValueKind == JsonValueKind.Array ? OfList(thinking).Text : ChatReply.TextOf(part, "thinking");

    private static string? Joined(IEnumerable<string?> parts) => string.Concat(parts) is { Length: > 0 } joined ? joined : null;
}
