using LiveClin.Core.Answers;

namespace LiveClin.Core.Results;

/// <summary>
/// How far a run is and how well it went: counts over the questions and cases of a target. Each epoch of a case counts as a case.
/// </summary>
public sealed record RunTally
{
    /// <summary>Questions that the target asks, over all epochs.</summary>
    public required int Questions { get; init; }

    /// <summary>Questions by outcome, those not run included; they add up to <see cref="Questions"/>.</summary>
    public required IReadOnlyDictionary<Outcome, int> Outcomes { get; init; }

    /// <summary>
    /// Why questions have no reply: kind of error (<c>http_500</c>, <c>content_filter</c>, …) and number of questions. Those skipped
    /// after a failure are not among them.
    /// </summary>
    public required IReadOnlyDictionary<string, int> FailuresByKind { get; init; }

    /// <summary>The first message of each kind of error, by the order of the release.</summary>
    public required IReadOnlyDictionary<string, string> FailureMessages { get; init; }

    /// <summary>Cases that the target asks, over all epochs.</summary>
    public required int Cases { get; init; }

    /// <summary>Cases of which every question has been dealt with, be it by a failure.</summary>
    public required int CasesDone { get; init; }

    /// <summary>Cases of which every question was answered correctly.</summary>
    public required int CasesCorrect { get; init; }

    /// <summary>Cases of which every question has a reply: the ones that the published core statistics count.</summary>
    public required int CasesAnswered { get; init; }

    /// <summary>Questions of <see cref="CasesAnswered"/>.</summary>
    public required int QuestionsInCasesAnswered { get; init; }

    /// <summary>Correct answers within <see cref="CasesAnswered"/>.</summary>
    public required int CorrectInCasesAnswered { get; init; }

    /// <summary>Questions that have been dealt with: answered, failed, or skipped after a failure.</summary>
    public required int QuestionsDone { get; init; }

    /// <summary>Questions with a reply.</summary>
    public required int QuestionsAnswered { get; init; }

    /// <summary>Cases of the release; under a condition those that it applies to.</summary>
    public required int CasesInRelease { get; init; }

    /// <summary>Cases of the release that the run's first epoch has dealt with.</summary>
    public required int CasesCovered { get; init; }

    /// <summary>Tokens of every answer of the run, those beyond the target included.</summary>
    public required RunUsage Usage { get; init; }

    /// <summary>True when the run covers only a part of these: it takes no rank.</summary>
    public bool IsPartial => CasesCovered < CasesInRelease;

    /// <summary>True when every question of the target has a reply.</summary>
    public bool IsComplete => QuestionsAnswered == Questions;

    /// <summary>Number of questions with an outcome.</summary>
    public int this[Outcome outcome] => Outcomes.GetValueOrDefault(outcome);

    /// <summary>Questions without a reply of those that were dealt with.</summary>
    public int QuestionsFailed => QuestionsDone - QuestionsAnswered;
}
