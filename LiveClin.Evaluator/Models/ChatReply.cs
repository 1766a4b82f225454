using System.Text.Json;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;
using LiveClin.Core.Text;
using Microsoft.Extensions.AI;

namespace LiveClin.Evaluator.Models;

/// <summary>
/// A chat completion as servers really send it. Read by hand: the SDK's model throws on finish reasons that it does not know,
/// and drops the reasoning text that vLLM sends as <c>reasoning</c>.
/// </summary>
internal sealed record ChatReply(string Text, string? Reasoning, string? FinishReason, TokenUsage Usage, string? ResponseId, string? Model)
{
    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>Reads a 200 response's body.</summary>
    /// <exception cref="ModelCallException">It is no chat completion, has no text, was filtered or refused.</exception>
    public static ChatReply Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            // Python's readers, and so the published client, pass over a byte order mark.
            using var document = JsonDocument.Parse(body.Span.StartsWith(ByteOrderMark) ? body[ByteOrderMark.Length..] : body);
            return Read(document.RootElement);
        }
        catch (JsonException) when (PythonConstants.AsStrings(body.Span) is { } plain)
        {
            return Parse(plain); // servers in Python may send NaN among the log probabilities
        }
        catch (InvalidOperationException) when (LoneSurrogates.Replaced(body.Span) is { } whole)
        {
            return Parse(whole);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new ModelCallException("malformed_reply", FailureScope.Transient, $"The server's reply is not a chat completion: {error.Message}", error);
        }
    }

    /// <summary>This reply in Microsoft.Extensions.AI's terms; <see cref="ChatResponse.RawRepresentation"/> holds the record itself.</summary>
    public ChatResponse ToChatResponse()
    {
        var message = new ChatMessage(ChatRole.Assistant, Text);
        if (Reasoning is not null) message.Contents.Insert(0, new TextReasoningContent(Reasoning));
        return new ChatResponse(message)
        {
            ResponseId = ResponseId,
            ModelId = Model,
            FinishReason = FinishReason is null ? null : new ChatFinishReason(FinishReason),
            RawRepresentation = this,
            Usage = new UsageDetails
            {
                InputTokenCount = Usage.Input,
                OutputTokenCount = Usage.Output,
                TotalTokenCount = Usage.Input + Usage.Output,
                CachedInputTokenCount = Usage.CachedInput,
                ReasoningTokenCount = Usage.Reasoning,
            },
        };
    }

    private static ChatReply Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new JsonException("it is no object.");
        var choice = root.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0 ? choices[0] : default;
        var message = choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("message", out var said) && said.ValueKind == JsonValueKind.Object ? said : default;
        var text = message.ValueKind == JsonValueKind.Object ? Content(message) : null;
        if (PythonText.IsBlank(text))
        {
            // Some servers send an error with status 200. Beside a reply it is a remark, or an empty field.
            if (root.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.Object or JsonValueKind.String) throw ServerError(error);
            if (choice.ValueKind == JsonValueKind.Undefined) throw new JsonException("it has no choices.");
            if (message.ValueKind == JsonValueKind.Undefined) throw new JsonException("its first choice has no message.");
        }

        var finish = TextOf(choice, "finish_reason");
        if (PythonText.IsBlank(text)) throw Empty(message, finish);
        return new ChatReply(text, TextOf(message, "reasoning_content") ?? TextOf(message, "reasoning"), finish, ReadUsage(root), TextOf(root, "id"), TextOf(root, "model"));
    }

    // Some servers send an error with status 200.
    private static ModelCallException ServerError(JsonElement error)
    {
        var text = error.GetRawText();
        return text.Contains("content_filter", StringComparison.Ordinal)
            ? new ModelCallException("content_filter", FailureScope.Question, ErrorText.Shorten(text))
            : new ModelCallException("server_error", FailureScope.Transient, ErrorText.Shorten(text));
    }

    private static ModelCallException Empty(JsonElement message, string? finish)
    {
        if (TextOf(message, "refusal") is { Length: > 0 } refusal)
            return new ModelCallException("refusal", FailureScope.Question, ErrorText.Shorten(refusal)) { FinishReason = finish };
        if (finish == "content_filter")
            return new ModelCallException("content_filter", FailureScope.Question, "The provider's content filter withheld the reply (finish_reason content_filter).") { FinishReason = finish };
        var hint = finish == "length" ? " at the token limit; raise --max-tokens" : "";
        return new ModelCallException("empty_reply", FailureScope.Transient, $"The server sent an empty reply (finish_reason {finish ?? "absent"}){hint}.") { FinishReason = finish };
    }

    private static string? Content(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content)) return null;
        return content.ValueKind switch
        {
            JsonValueKind.String => content.GetString(),
            // A list of parts, as some gateways send it.
            JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(part => part.ValueKind == JsonValueKind.Object ? TextOf(part, "text") : null)),
            _ => null,
        };
    }

    private static TokenUsage ReadUsage(JsonElement root)
    {
        if (!root.TryGetProperty("usage", out var usage) || usage.ValueKind != JsonValueKind.Object) return TokenUsage.Unknown;
        return new TokenUsage(
            Number(usage, "prompt_tokens"),
            Nested(usage, "prompt_tokens_details", "cached_tokens"),
            Number(usage, "completion_tokens"),
            Nested(usage, "completion_tokens_details", "reasoning_tokens") ?? Number(usage, "reasoning_tokens"));
    }

    private static long? Nested(JsonElement parent, string name, string field) =>
        parent.TryGetProperty(name, out var child) && child.ValueKind == JsonValueKind.Object ? Number(child, field) : null;

    private static long? Number(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private static string? TextOf(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
