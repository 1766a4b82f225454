using System.Text.Json;
using LiveClin.Hosting.Local.Otlp.Store;

namespace LiveClin.Hosting.Local.Dashboard.Traces;

/// <summary>What a part of a message is.</summary>
public enum ChatPartKind
{
    /// <summary>Plain text.</summary>
    Text,

    /// <summary>What the model thought aloud.</summary>
    Reasoning,

    /// <summary>A call of a tool.</summary>
    ToolCall,

    /// <summary>What the tool answered.</summary>
    ToolResult,

    /// <summary>An image.</summary>
    Image,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>A part of a message.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; for an image what is known of it.</param>
/// <param name="Image">Number of the image among the conversation's, or null when its bytes were not captured.</param>
public sealed record ChatPart(ChatPartKind Kind, string Text, int? Image = null);

/// <summary>A message of a conversation.</summary>
/// <param name="Role">system, user, assistant, tool.</param>
/// <param name="Parts">In order.</param>
/// <param name="FinishReason">Why the model stopped, or null.</param>
public sealed record ChatMessage(string Role, IReadOnlyList<ChatPart> Parts, string? FinishReason = null);

/// <summary>An image that was captured with a conversation.</summary>
internal sealed record ChatImage(string MediaType, byte[] Bytes);

/// <summary>
/// The messages of a model call as captured in <c>gen_ai.system_instructions</c>, <c>gen_ai.input.messages</c> and
/// <c>gen_ai.output.messages</c>: <c>[{"role":"user","parts":[{"type":"text","content":"…"}]}]</c>. They are looked for
/// in the span, then in its log records, then in its events.
/// </summary>
internal sealed class Conversation
{
    private static readonly string[] ImageTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"];
    private readonly List<ChatMessage> _messages = [];
    private readonly List<ChatImage> _images = [];

    private Conversation(IReadOnlyList<TelemetryAttribute> source)
    {
        Read(source.Get("gen_ai.system_instructions"), root => Add("system", root, null));
        Read(source.Get("gen_ai.input.messages"), AddAll);
        Read(source.Get("gen_ai.output.messages"), AddAll);
    }

    public IReadOnlyList<ChatMessage> Messages => _messages;

    public IReadOnlyList<ChatImage> Images => _images;

    public static Conversation Of(TelemetryStore telemetry, Span span)
    {
        var conversation = new Conversation(span.Attributes);
        if (conversation.Messages.Count > 0) return conversation;
        var elsewhere = telemetry.Logs.Find(new LogFilter(TraceId: span.TraceId, SpanId: span.SpanId), int.MaxValue).Items.Select(r => r.Attributes).Concat(span.Events.Select(e => e.Attributes));
        return elsewhere.Select(a => new Conversation(a)).FirstOrDefault(c => c.Messages.Count > 0) ?? conversation;
    }

    private static void Read(string? json, Action<JsonElement> use)
    {
        if (string.IsNullOrEmpty(json)) return;
        try
        {
            using var document = JsonDocument.Parse(json);
            use(document.RootElement);
        }
        catch (JsonException)
        {
            // Cut off by a limit on the way: the attribute itself can still be read in the span's details.
        }
    }

    private void AddAll(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Array) return;
        foreach (var message in root.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object) continue;
            var parts = message.TryGetProperty("parts", out var list) ? list : message.TryGetProperty("content", out var content) ? content : default;
            Add(String(message, "role") ?? "unknown", parts, String(message, "finish_reason"));
        }
    }

    private void Add(string role, JsonElement parts, string? finishReason)
    {
        List<ChatPart> read = parts.ValueKind switch
        {
            JsonValueKind.Array => [.. parts.EnumerateArray().Select(Part)],
            JsonValueKind.String => [new(ChatPartKind.Text, parts.GetString()!)],
            _ => [],
        };
        _messages.Add(new(role, read, finishReason));
    }

    private ChatPart Part(JsonElement part)
    {
        if (part.ValueKind != JsonValueKind.Object) return new(ChatPartKind.Text, part.ToString());
        var content = String(part, "content") ?? String(part, "text") ?? "";
        return String(part, "type") switch
        {
            "text" => new(ChatPartKind.Text, content),
            "reasoning" => new(ChatPartKind.Reasoning, content),
            "tool_call" => new(ChatPartKind.ToolCall, $"{String(part, "name")}({String(part, "arguments")})"),
            "tool_call_response" => new(ChatPartKind.ToolResult, String(part, "response") ?? String(part, "result") ?? content),
            "blob" => Blob(String(part, "mime_type") ?? String(part, "modality") ?? "blob", String(part, "content") ?? String(part, "data") ?? ""),
            "uri" => Link(String(part, "uri") ?? "", String(part, "mime_type") ?? String(part, "modality")),
            "file" => new(ChatPartKind.Other, $"File {String(part, "file_id")}"),
            _ => new(ChatPartKind.Other, part.GetRawText()),
        };
    }

    // An address of the web is shown, never loaded: the dashboard asks nobody but its own app host.
    private ChatPart Link(string uri, string? kind)
    {
        const string Base64 = ";base64,";
        var comma = uri.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? uri.IndexOf(Base64, StringComparison.OrdinalIgnoreCase) : -1;
        return comma > 0 ? Blob(uri[5..comma], uri[(comma + Base64.Length)..]) : new(ChatPartKind.Image, $"{kind ?? "Address"}: {uri}");
    }

    private ChatPart Blob(string mediaType, string base64)
    {
        var bytes = new byte[base64.Length * 3 / 4 + 3];
        if (base64.Length == 0 || !Convert.TryFromBase64String(base64, bytes, out var length)) return new(ChatPartKind.Image, $"{mediaType}, not captured {base64[..Math.Min(60, base64.Length)]}".TrimEnd());
        var description = $"{mediaType}, {Shell.Text.Bytes(length)}";
        if (!ImageTypes.Contains(mediaType)) return new(ChatPartKind.Other, description);
        _images.Add(new(mediaType, bytes[..length]));
        return new(ChatPartKind.Image, description, _images.Count - 1);
    }

    private static string? String(JsonElement element, string name) => !element.TryGetProperty(name, out var value) ? null
        : value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Null => null, _ => value.GetRawText() };
}
