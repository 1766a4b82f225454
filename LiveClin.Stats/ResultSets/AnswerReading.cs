using LiveClin.Core.Answers;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;

namespace LiveClin.Stats.ResultSets;

/// <summary>Turns answers of any source into <see cref="AnswerFacts"/>.</summary>
internal static class AnswerReading
{
    public static AnswerFacts FromStore(Answer answer, QuestionFacts question) =>
        Judge(answer.Outcome, answer.Letter, answer.Rule, answer.Reply, question) with
        {
            ErrorKind = answer.ErrorKind,
            LatencyMs = answer.Attempts > 0 ? answer.LatencyMs : double.NaN,
            Attempts = answer.Attempts,
            InputTokens = (int?)answer.Usage.Input,
            CachedTokens = (int?)answer.Usage.CachedInput,
            OutputTokens = (int?)answer.Usage.Output,
            ReasoningTokens = (int?)answer.Usage.Reasoning,
        };

    /// <summary>An answer of a published file. The rule that found its letter is not recorded there; it is found again.</summary>
    public static AnswerFacts FromFile(string? reply, string? letter, bool isCorrect, string? error, QuestionFacts question, ExtractionProtocol protocol)
    {
        var outcome = ResultConversion.OutcomeOf(reply, letter, isCorrect, error);
        var again = reply is null ? Extraction.None : AnswerExtractor.Extract(reply, protocol);
        return Judge(outcome, letter, again.Letter == letter ? again.Rule : ExtractionRule.None, reply, question) with
        {
            ErrorKind = outcome is Outcome.Failed or Outcome.Filtered ? outcome.ToString().ToLowerInvariant() : null,
        };
    }

    private static AnswerFacts Judge(Outcome outcome, string? letter, ExtractionRule rule, string? reply, QuestionFacts question)
    {
        var strict = reply is null ? null : Letter(StrictExtractor.Extract(reply, Offered(question)).Letter);
        return new AnswerFacts(outcome, Letter(letter), rule, reply is not null, JudgeStrictly(outcome, reply, strict, question.Key), strict);
    }

    // Failures stay what they are; only which letter a reply holds is asked again.
    private static Outcome JudgeStrictly(Outcome published, string? reply, char? letter, string key)
    {
        if (reply is null || published is Outcome.Refused or Outcome.Filtered) return published;
        if (letter is { } found) return key.Length == 1 && key[0] == found ? Outcome.Correct : Outcome.Wrong;
        return published == Outcome.Truncated ? Outcome.Truncated : Outcome.Unparsed;
    }

    private static char? Letter(string? text) => text is { Length: 1 } ? text[0] : null;

    // Where the source does not say which letters were offered (v1 files), those of the benchmark are.
    private static ReadOnlySpan<char> Offered(QuestionFacts question) =>
        question.Letters.IsEmpty ? "ABCDEFGHIJ" : string.Concat(question.Letters).ToUpperInvariant();
}
