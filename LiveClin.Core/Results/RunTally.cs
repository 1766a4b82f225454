using LiveClin.Core.Answers;

namespace LiveClin.Core.Results;

/// <summary>How far a run is and how well it went: counts over its questions and cases.</summary>
public sealed record RunTally
{
    /// <summary>Questions that the run asks.</summary>
    public required int Questions { get; init; }

    /// <summary>Questions by outcome, those not run included; they add up to <see cref="Questions"/>.</summary>
    public required IReadOnlyDictionary<Outcome, int> Outcomes { get; init; }

    /// <summary>Cases that the run asks.</summary>
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

    /// <summary>Number of questions with an outcome.</summary>
    public int this[Outcome outcome] => Outcomes.GetValueOrDefault(outcome);

    /// <summary>Questions without a reply of those that were dealt with.</summary>
    public int QuestionsFailed => QuestionsDone - QuestionsAnswered;
}
