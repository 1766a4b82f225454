using System.Collections.Frozen;

namespace LiveClin.Core.Reviews;

/// <summary>
/// What reviewers together say of the questions of a release on one topic: a question holds when more of them say so than not; where as
/// many say the one as the other it is disputed, and counts as one that does not hold.
/// </summary>
public sealed class Review
{
    private readonly FrozenDictionary<(int Case, int Question), (int Holds, int Fails)> _votes;

    private Review(ReviewTopic topic, IReadOnlyList<Verdict> verdicts)
    {
        (Topic, Reviewers) =
            (topic, [.. verdicts.Select(verdict => verdict.By).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
        _votes = verdicts.GroupBy(verdict => (verdict.CaseOrdinal, verdict.QuestionIndex)).ToFrozenDictionary(
            question => question.Key, question => (question.Count(verdict => verdict.Holds), question.Count(verdict => !verdict.Holds)));
    }

    /// <summary>What was asked.</summary>
    public ReviewTopic Topic { get; }

    /// <summary>Who has given verdicts, by name.</summary>
    public IReadOnlyList<string> Reviewers { get; }

    /// <summary>Questions with a verdict.</summary>
    public int Reviewed => _votes.Count;

    /// <summary>Questions that do not hold, disputed ones among them.</summary>
    public int Failed => _votes.Values.Count(votes => votes.Holds <= votes.Fails);

    /// <summary>Questions about which as many say the one as the other.</summary>
    public int Disputed => _votes.Values.Count(votes => votes.Holds == votes.Fails);

    /// <summary>The verdicts of one topic together.</summary>
    public static Review Of(ReviewTopic topic, IEnumerable<Verdict> verdicts) =>
        new(topic, [.. verdicts.Where(verdict => verdict.Topic == topic)]);

    /// <summary>Questions that more reviewers find wrong than not; disputed ones are not among them.</summary>
    public int FoundWrong => _votes.Values.Count(votes => votes.Holds < votes.Fails);

    /// <summary>True for a question that more reviewers find wrong than not.</summary>
    /// <param name="caseOrdinal">Zero-based position of the case.</param>
    /// <param name="questionIndex">Zero-based position of the question in its case.</param>
    public bool IsFoundWrong(int caseOrdinal, int questionIndex) =>
        _votes.TryGetValue((caseOrdinal, questionIndex), out var votes) && votes.Holds < votes.Fails;

    /// <summary>Whether a question holds; null where nobody has said anything.</summary>
    /// <param name="caseOrdinal">Zero-based position of the case.</param>
    /// <param name="questionIndex">Zero-based position of the question in its case.</param>
    public bool? Holds(int caseOrdinal, int questionIndex) =>
        _votes.TryGetValue((caseOrdinal, questionIndex), out var votes) ? votes.Holds > votes.Fails : null;
}
