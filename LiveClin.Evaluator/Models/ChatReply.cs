using System.Text.Json;
using LiveClin.Core.Answers;
using LiveClin.Core.Failures;
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
    /// <summary>The parts of a message.</summary>
    /// <param name="Text">What is said.</param>
    /// <param name="Reasoning">What was thought.</param>
    /// <param name="Refusal">The API's refusal field.</param>
    /// <param name="Other">The text of parts whose type nobody knows: what is said where nothing else is, else a thought.</param>
    internal readonly record struct Said(string? Text, string? Reasoning, string? Refusal, string? Other = null)
    {
        /// <summary>With <see cref="Other"/> taken for what it is, once all parts are there.</summary>
        public Said Settled() => PythonText.IsBlank(Text) && Refusal is not { Length: > 0 } && !PythonText.IsBlank(Other)
            ? new Said(Other, Reasoning, Refusal) : new Said(Text, Reasoning ?? Other, Refusal);
    }

    /// <summary>Reads a 200 response's body.</summary>
    /// <exception cref="ModelCallException">It is no chat completion, has no text, was filtered or refused.</exception>
    public static ChatReply Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            var text = EventStream.WithoutComments(ReplyJson.WithoutMark(body));
            if (EventStream.IsOne(text.Span)) return EventStream.Read(text);
            using var document = ReplyJson.Parse(text);
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw FailureRules.OfNoCompletion(body, error);
        }
    }

    /// <summary>
    /// This reply in Microsoft.Extensions.AI's terms; <see cref="ChatResponse.RawRepresentation"/> holds the record itself.
    /// </summary>
    public ChatResponse ToChatResponse()
    {
        var message = new ChatMessage(ChatRole.Assistant, Text);
        if (Reasoning is not null) message.Contents.Insert(0, new TextReasoningContent(Reasoning));
        return new ChatResponse(message)
        {
            ResponseId = ResponseId,
            ModelId = Model,
            FinishReason = string.IsNullOrWhiteSpace(FinishReason) ? null : new ChatFinishReason(FinishReason),
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

    /// <summary>
    /// The reply without the key in what tells of it, which is stored and goes into traces. What was said stays as it came: letters are
    /// found in it, and the next question follows on it.
    /// </summary>
    public ChatReply WithoutKey(KeyRedaction redaction) => this with
    {
        FinishReason = redaction.Of(FinishReason), ResponseId = redaction.Of(ResponseId), Model = redaction.Of(Model),
    };

    private static ChatReply Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new JsonException("it is no object.");
        var choice = root.TryGetProperty("choices", out var choices) ? FirstOf(choices) : default;
        // Some servers send an error with status 200, and some beside the part of a reply that there was until then.
        if ((ReplyErrors.OfRoot(root) ?? ReplyErrors.OfChoice(choice)) is { } error)
        {
            var said = MessageParts.Of(MessageParts.MessageOf(choice, FinishOf(choice)));
            throw FailureRules.OfBody(error, hasBegun: said.Text is { Length: > 0 });
        }

        if (choice.ValueKind == JsonValueKind.Undefined && WithheldReply.FailureOf(root, choice) is { } withheld) throw withheld;
        if (choice.ValueKind == JsonValueKind.Undefined) throw new JsonException("it has no choices.");
        var finish = FinishOf(choice);
        var message = MessageParts.MessageOf(choice, finish);
        // Gemini leaves the message out where it withheld or cut off all of it; the ending tells then.
        if (message.ValueKind == JsonValueKind.Undefined && FinishReasons.EndingOf(finish) == ReplyEnding.Complete)
            throw WithheldReply.FailureOf(root, choice) ?? (Exception)new JsonException("its first choice has no message.");
        return Of(MessageParts.Of(message), finish, root, NativeFinishOf(choice), choice);
    }

    /// <summary>The choice with index 0, wherever it stands; without such a one the first. Undefined when there is none.</summary>
    internal static JsonElement FirstOf(JsonElement choices)
    {
        if (choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() == 0) return default;
        return choices.EnumerateArray().FirstOrDefault(
            choice => choice.ValueKind == JsonValueKind.Object && Number(choice, "index") == 0, choices[0]);
    }

    /// <summary>What the provider behind a gateway (OpenRouter) gave as its own finish reason; null when nothing is said of it.</summary>
    internal static string? NativeFinishOf(JsonElement choice) => TextOf(choice, "native_finish_reason");

    /// <summary>The finish reason of a choice; null for none, which some write as a word or as nothing.</summary>
    internal static string? FinishOf(JsonElement choice)
    {
        if (choice.ValueKind != JsonValueKind.Object) return null;
        // SGLang's own form is an object: {"type":"abort","status_code":500}.
        var said = TextOf(choice, "finish_reason")
            ?? (choice.TryGetProperty("finish_reason", out var reason) ? TextOf(reason, "type") : null);
        return string.IsNullOrWhiteSpace(said) || said.Trim().ToLowerInvariant() is "null" or "none" ? null : said;
    }

    /// <summary>What the parts of a message amount to.</summary>
    /// <param name="said">The parts.</param>
    /// <param name="finish">The finish reason.</param>
    /// <param name="root">Holds usage, id and model.</param>
    /// <param name="native">The finish reason of the provider behind a gateway; counts where there is no text, or no other reason.</param>
    /// <param name="choice">The choice, in which a filter may be told; undefined for none.</param>
    /// <exception cref="ModelCallException">It is no reply.</exception>
    internal static ChatReply Of(Said said, string? finish, JsonElement root, string? native = null, JsonElement choice = default)
    {
        said = said.Settled();
        finish ??= native;
        var ending = FinishReasons.EndingOf(finish);
        var behind = FinishReasons.EndingOf(native);
        (finish, native) = (ErrorText.Cut(finish), ErrorText.Cut(native));
        if (ending == ReplyEnding.BrokenOff)
        {
            var until = PythonText.IsBlank(said.Text) ? "" : $", after: {ErrorText.Shorten(said.Text)}";
            throw FailureRules.BrokenOff($"finish_reason {finish}{until}", finish);
        }

        if (PythonText.IsBlank(said.Text))
        {
            if (ending == ReplyEnding.Complete && WithheldReply.FailureOf(root, choice) is { } withheld) throw withheld;
            throw ending == ReplyEnding.Complete && behind != ReplyEnding.Complete && behind != ReplyEnding.BrokenOff
                ? Empty(said.Refusal, native, behind)
                : Empty(said.Refusal, finish, ending);
        }

        var (id, model) = (ErrorText.Cut(TextOf(root, "id")), ErrorText.Cut(TextOf(root, "model")));
        return new ChatReply(said.Text, said.Reasoning, finish, ReplyUsage.Of(root), id, model);
    }

    private static ModelCallException Empty(string? refusal, string? finish, ReplyEnding ending)
    {
        if (refusal is { Length: > 0 } || ending == ReplyEnding.Refused)
        {
            var words = refusal is { Length: > 0 } ? ErrorText.Shorten(refusal) : $"The model declined to answer (finish_reason {finish}).";
            return new ModelCallException("refusal", FailureScope.Question, words) { FinishReason = finish };
        }

        if (ending == ReplyEnding.Filtered)
            return FailureRules.Filtered($"The provider's content filter withheld the reply (finish_reason {finish}).", finish);
        // Another try would end at the same limit, and costs as many tokens.
        if (ending == ReplyEnding.Truncated)
        {
            var words = $"The reply ended at the token limit before a word of text (finish_reason {finish}); raise {SettingWords.TokenLimit}.";
            return new ModelCallException("empty_reply", FailureScope.Question, words) { FinishReason = finish };
        }

        return new ModelCallException("empty_reply", FailureScope.Transient,
            $"The server sent an empty reply (finish_reason {finish ?? "absent"}).") { FinishReason = finish };
    }

    internal static long? Number(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    internal static string? TextOf(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
