using System.Buffers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using LiveClin.Core.Text;

namespace LiveClin.Evaluator.Models;

/// <summary>
/// A chat completion that a server could only send as a stream of events; it is read to its end before anything is made of it.
/// </summary>
internal static class EventStream
{
    private const string Error = "error"; // DashScope and others: event: error

    private static ReadOnlySpan<byte> Done => "[DONE]"u8;

    /// <summary>True when a body without comments is one.</summary>
    public static bool IsOne(ReadOnlySpan<byte> text) =>
        text.StartsWith("data:"u8) || text.StartsWith("event:"u8) || text.StartsWith("id:"u8) || text.StartsWith("retry:"u8)
            || text.StartsWith(":"u8);

    /// <summary>
    /// A body without what keeps a connection open before it: blank lines, and comments as in a stream, which OpenRouter sends before a
    /// reply in one piece, too (<c>: OPENROUTER PROCESSING</c>).
    /// </summary>
    public static ReadOnlyMemory<byte> WithoutComments(ReadOnlyMemory<byte> body)
    {
        var rest = body.Span.TrimStart(" \t\r\n"u8);
        while (rest.StartsWith(":"u8) && rest.IndexOfAny("\r\n"u8) is >= 0 and var end) rest = rest[end..].TrimStart(" \t\r\n"u8);
        return body[^rest.Length..];
    }

    /// <summary>What its first event holds, which is all that a stream of an error has; the body itself when it is no stream.</summary>
    public static ReadOnlyMemory<byte> FirstOf(ReadOnlyMemory<byte> body)
    {
        var text = WithoutComments(ReplyJson.WithoutMark(body));
        if (!IsOne(text.Span)) return text;
        using var stream = new MemoryStream(text.ToArray(), writable: false);
        return SseParser.Create(stream, static (_, data) => data.ToArray()).Enumerate()
            .Select(item => (ReadOnlyMemory<byte>)item.Data).FirstOrDefault(data => data.Length > 0, text);
    }

    /// <summary>Puts the pieces together.</summary>
    /// <exception cref="ModelCallException">It holds an error, breaks off, or comes to no reply.</exception>
    /// <exception cref="JsonException">One of its events is no JSON.</exception>
    public static ChatReply Read(ReadOnlyMemory<byte> body)
    {
        var (text, thoughts, refusal, other) = (new StringBuilder(), new StringBuilder(), new StringBuilder(), new StringBuilder());
        string? finish = null, native = null;
        JsonElement first = default, usage = default, whole = default;
        ModelCallException? withheld = null;
        var isDone = false;
        using var stream = new MemoryStream(body.ToArray(), writable: false);
        foreach (var item in SseParser.Create(stream, static (_, data) => data.ToArray()).Enumerate())
        {
            if (item.Data.AsSpan().Trim(" \t\r"u8).SequenceEqual(Done)) isDone = true;
            if (isDone || item.Data.Length == 0) continue;
            var hasBegun = text.Length + thoughts.Length > 0;
            if (item.EventType == Error) throw FailureRules.OfBody(ServerError.Read(item.Data), hasBegun);
            // What keeps a connection open: "event: ping" with any text, or an event that holds nothing.
            if (item.EventType is not SseParser.EventTypeDefault && !item.Data.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("{"u8)) continue;
            using var document = ReplyJson.Parse(item.Data);
            if (document.RootElement.ValueKind == JsonValueKind.Null) continue;
            var root = document.RootElement.Clone();
            if (ReplyErrors.OfRoot(root) is { } error) throw FailureRules.OfBody(error, hasBegun);
            if (first.ValueKind == JsonValueKind.Undefined) first = root;
            if (root.TryGetProperty("usage", out var counted) && counted.ValueKind == JsonValueKind.Object) usage = root;
            var choice = root.TryGetProperty("choices", out var choices) ? ChatReply.FirstOf(choices) : default;
            withheld ??= WithheldReply.FailureOf(root, choice);
            if (choice.ValueKind != JsonValueKind.Object) continue;
            if (ReplyErrors.OfChoice(choice) is { } broken) throw FailureRules.OfBody(broken, hasBegun);
            finish = ChatReply.FinishOf(choice) ?? finish;
            native = ChatReply.NativeFinishOf(choice) ?? native;
            if (choice.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object) whole = message;
            if (!choice.TryGetProperty("delta", out var delta)) continue;
            var piece = MessageParts.Of(delta);
            text.Append(piece.Text);
            thoughts.Append(piece.Reasoning);
            refusal.Append(piece.Refusal);
            other.Append(piece.Other);
        }

        if (withheld is not null && PythonText.IsBlank(text.ToString())) throw withheld;
        // Servers put [DONE] also behind a reply that they gave up; every API writes a finish reason behind a whole one.
        if (finish is null && native is null)
            throw FailureRules.BrokenOff(isDone ? "the stream ends without a finish reason." : "the stream ends in the middle.", finish);
        var said = new ChatReply.Said(
            text.ToString(), thoughts.Length > 0 ? thoughts.ToString() : null, refusal.Length > 0 ? refusal.ToString() : null,
            other.Length > 0 ? other.ToString() : null);
        // Some send the whole message as one event, and some after its pieces once more.
        if (said is { Text.Length: 0, Refusal: null, Other: null } && whole.ValueKind == JsonValueKind.Object)
            said = MessageParts.Of(whole);
        return ChatReply.Of(said, finish, Frame(first, usage), native);
    }

    // Id and model stand in every event, the token counts in the last one.
    private static JsonElement Frame(JsonElement first, JsonElement usage)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var name in (string[])["id", "model"])
                if (ChatReply.TextOf(first, name) is { } value) json.WriteString(name, value);
            if (usage.ValueKind == JsonValueKind.Object)
            {
                json.WritePropertyName("usage");
                usage.GetProperty("usage").WriteTo(json);
            }

            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
