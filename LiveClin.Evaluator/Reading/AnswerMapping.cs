using Google.Protobuf.WellKnownTypes;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Reading;

/// <summary>The store's answers in the contract's terms.</summary>
internal static class AnswerMapping
{
    public static V1.Answer ToMessage(this Answer answer, string runId, bool withTexts)
    {
        var message = new V1.Answer
        {
            RunId = runId,
            Epoch = answer.Epoch,
            CaseOrdinal = answer.CaseOrdinal,
            QuestionIndex = answer.QuestionIndex,
            Outcome = EnumByName<V1.Outcome>.Of(answer.Outcome),
            Rule = EnumByName<V1.ExtractionRule>.Of(answer.Rule),
            Usage = answer.Usage.ToMessage(),
            LatencyMs = answer.LatencyMs,
            Attempts = answer.Attempts,
            CompletedAt = answer.CompletedAt.ToTimestamp(),
            Damaged = answer.IsDamaged,
        };
        if (answer.DamagedColumn is { } damaged) message.DamagedColumn = damaged;
        if (answer.Letter is { } letter) message.Letter = letter;
        if (answer.ShownLetter is { } shown && shown != answer.Letter) message.ShownLetter = shown;
        if (answer.FinishReason is { } reason) message.FinishReason = reason;
        if (answer.ErrorKind is { } kind) message.ErrorKind = kind;
        if (answer.ErrorMessage is { } error) message.ErrorMessage = error;
        if (answer.PromptHash is { } prompt) message.PromptSha256 = prompt;
        if (answer.Endpoint is { } endpoint) message.Endpoint = endpoint;
        if (withTexts && answer.Reply is { } reply) message.Reply = reply;
        if (withTexts && answer.Reasoning is { } reasoning) message.Reasoning = reasoning;
        return message;
    }

    private static V1.TokenUsage ToMessage(this TokenUsage usage)
    {
        var message = new V1.TokenUsage();
        if (usage.Input is { } input) message.Input = input;
        if (usage.CachedInput is { } cached) message.CachedInput = cached;
        if (usage.Output is { } output) message.Output = output;
        if (usage.Reasoning is { } reasoning) message.Reasoning = reasoning;
        return message;
    }
}
