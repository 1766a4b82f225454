using LiveClin.Core.Answers;
using LiveClin.Core.Conditions;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;

namespace LiveClin.Stats.ResultSets;

/// <summary>Turns answers of any source into <see cref="AnswerFacts"/>.</summary>
internal static class AnswerReading
{
    /// <param name="answer">The answer.</param>
    /// <param name="question">Its question.</param>
    /// <param name="letters">From the question's letters as it was shown to the release's.</param>
    public static AnswerFacts FromStore(Answer answer, QuestionFacts question, LetterMap letters) =>
        answer.DamagedColumn is { } damaged
            ? AnswerFacts.NotRun with { DamagedColumn = damaged }
            : Judge(answer.Outcome, answer.Letter, answer.Rule, answer.Reply, question, letters) with
        {
            ErrorKind = answer.ErrorKind,
            Endpoint = answer.Endpoint is { } endpoint ? string.Intern(endpoint) : null,
            LatencyMs = answer.Attempts > 0 ? answer.LatencyMs : double.NaN,
            Attempts = answer.Attempts,
            InputTokens = (int?)answer.Usage.Input,
            CachedTokens = (int?)answer.Usage.CachedInput,
            OutputTokens = (int?)answer.Usage.Output,
            ReasoningTokens = (int?)answer.Usage.Reasoning,
        };

    /// <summary>An answer of a published file. The rule that found its letter is not recorded there; it is found again.</summary>
    public static AnswerFacts FromFile(string? reply, string? letter, bool isCorrect, string? error, QuestionFacts question,
        ExtractionProtocol protocol)
    {
        var outcome = ResultConversion.OutcomeOf(reply, letter, isCorrect, error);
        var again = reply is null ? Extraction.None : AnswerExtractor.Extract(reply, protocol);
        return Judge(outcome, letter, again.Letter == letter ? again.Rule : ExtractionRule.None, reply, question, LetterMap.Identity) with
        {
            ErrorKind = outcome is Outcome.Failed or Outcome.Filtered ? outcome.ToString().ToLowerInvariant() : null,
        };
    }

    private static AnswerFacts Judge(Outcome outcome, string? letter, ExtractionRule rule, string? reply, QuestionFacts question,
        LetterMap letters)
    {
        var strict = reply is null ? null : Letter(letters.ToPublished(StrictExtractor.Extract(reply, Offered(question, letters)).Letter));
        // Without a key another letter than the one that was judged cannot be judged: the outcome stays.
        var strictly = question.Key.Length == 0 ? outcome : JudgeStrictly(outcome, reply, strict, question.Key);
        return new AnswerFacts(outcome, Letter(letter), rule, reply is not null, strictly, strict);
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
    private static ReadOnlySpan<char> Offered(QuestionFacts question, LetterMap letters) =>
        letters.Shown.Length > 0 ? string.Concat(letters.Shown) : question.Letters.IsEmpty
            ? "ABCDEFGHIJ" : string.Concat(question.Letters).ToUpperInvariant();
}
