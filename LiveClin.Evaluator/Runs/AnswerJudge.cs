using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Runs;

/// <summary>Makes answers of replies and failures. Whose answer it is, and when it came, stands elsewhere.</summary>
internal static class AnswerJudge
{
    /// <summary>
    /// The answer that a reply is. The published rule reads what was shown; what is stored stands in the release's letters as well.
    /// </summary>
    public static Answer Judge(ChatReply reply, AskedTurn turn)
    {
        var question = turn.Question;
        var judged = OutcomeClassifier.Classify(new CallResult { Reply = reply.Text, FinishReason = reply.FinishReason }, question.Key);
        // What a filter has cut off before it came to a letter is no reply of the model.
        var isFiltered = judged.Outcome == Outcome.Filtered;
        return new Answer
        {
            CaseOrdinal = -1,
            QuestionIndex = question.Index,
            Outcome = judged.Outcome,
            Rule = judged.Extraction.Rule,
            Reply = isFiltered ? null : reply.Text,
            ErrorKind = isFiltered ? "content_filter" : null,
            ErrorMessage = isFiltered ? $"The provider's filter cut the reply off after: {ErrorText.Shorten(reply.Text)}" : null,
            Reasoning = reply.Reasoning,
            FinishReason = reply.FinishReason,
            Usage = reply.Usage,
        }.WithLetter(judged.Extraction.Letter, turn.Letters);
    }

    /// <summary>The answer that a failure is.</summary>
    public static Answer Judge(ModelCallException failure, Question question)
    {
        var isRefusal = failure.Kind == "refusal";
        var call = new CallResult
        {
            ErrorKind = isRefusal ? "empty_reply" : failure.Kind,
            Refused = isRefusal,
            FinishReason = failure.FinishReason,
        };
        return new Answer
        {
            CaseOrdinal = -1,
            QuestionIndex = question.Index,
            Outcome = OutcomeClassifier.Classify(call, question.Key).Outcome,
            FinishReason = failure.FinishReason,
            ErrorKind = failure.Kind,
            ErrorMessage = failure.Message,
            LatencyMs = failure.Duration.TotalMilliseconds,
        };
    }

    /// <summary>The answer without the key, should the server have repeated it.</summary>
    public static Answer Redacted(Answer answer, KeyRedaction redaction) => answer with
    {
        Reply = redaction.Of(answer.Reply),
        Reasoning = redaction.Of(answer.Reasoning),
        FinishReason = redaction.Of(answer.FinishReason),
        ErrorMessage = redaction.Of(answer.ErrorMessage),
    };
}
