using LiveClin.Core.Answers;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;

namespace LiveClin.Core.Exchange;

/// <summary>One question's record in published results.</summary>
/// <param name="Response">The reply.</param>
/// <param name="Letter">The letter found.</param>
/// <param name="IsCorrect">Whether it is the key.</param>
/// <param name="Error">The error.</param>
internal sealed record PublishedRecord(string? Response, string? Letter, bool IsCorrect, string? Error)
{
    /// <summary>
    /// The answer that the record tells of. Letter and correctness are kept as recorded, never computed anew: <c>rescore</c> does that.
    /// </summary>
    public Answer ToAnswer(int caseOrdinal, int questionIndex, DateTimeOffset completedAt, ExtractionProtocol protocol)
    {
        // Some tools write an empty reply beside an error.
        var reply = Response is { Length: 0 } && Error is not null ? null : Response;
        var letter = string.IsNullOrEmpty(Letter) ? null : Letter;
        var outcome = ResultConversion.OutcomeOf(reply, letter, IsCorrect, Error);
        return new Answer
        {
            CaseOrdinal = caseOrdinal,
            QuestionIndex = questionIndex,
            Outcome = outcome,
            Letter = letter,
            Rule = RuleOf(reply, letter, protocol),
            Reply = reply,
            ErrorKind = outcome switch { Outcome.NotRun => "skipped", Outcome.Filtered => "content_filter", Outcome.Failed => "error",
                _ => null },
            ErrorMessage = Error,
            CompletedAt = completedAt,
        };
    }

    private static ExtractionRule RuleOf(string? reply, string? letter, ExtractionProtocol protocol)
    {
        if (reply is null || letter is null) return ExtractionRule.None;
        var found = AnswerExtractor.Extract(reply, protocol);
        return found.Letter == letter ? found.Rule : ExtractionRule.None;
    }
}
