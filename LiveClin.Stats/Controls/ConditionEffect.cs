using LiveClin.Stats.Comparison;
using LiveClin.Stats.Epochs;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Controls;

/// <summary>
/// What a condition does to a model's score: the condition against the published way, on the same questions. Question figures stand on the
/// questions that the condition changes, case figures on the cases that it asks; a question without a reply counts as wrong, as published.
/// </summary>
public sealed record ConditionEffect
{
    /// <summary>The condition.</summary>
    public required string Condition { get; init; }

    /// <summary>The run under it; null where the source knows no runs.</summary>
    public string? RunId { get; init; }

    /// <summary>What reviewers say of the condition's questions; null where it needs no review.</summary>
    public ReviewedCondition? Review { get; init; }

    /// <summary>Accuracy on the changed questions as published.</summary>
    public required Ratio PublishedQuestions { get; init; }

    /// <summary>Accuracy on the same questions under the condition.</summary>
    public required Ratio Questions { get; init; }

    /// <summary>Interval of <see cref="Questions"/>, clustered by case, 95 %.</summary>
    public required Interval QuestionInterval { get; init; }

    /// <summary>Accuracy on the asked cases as published.</summary>
    public required Ratio PublishedCases { get; init; }

    /// <summary>Accuracy on the same cases under the condition.</summary>
    public required Ratio Cases { get; init; }

    /// <summary>Wilson interval of <see cref="Cases"/>, 95 %.</summary>
    public Interval CaseInterval => Wilson.Interval(Cases);

    /// <summary>Difference of question accuracies, condition minus published, clustered by case.</summary>
    public required PairedDifference QuestionDifference { get; init; }

    /// <summary>Interval of <see cref="QuestionDifference"/>, 95 %; none where the cases show no spread to judge from.</summary>
    public Interval QuestionDifferenceInterval => QuestionDifference.Interval();

    /// <summary>Difference of case accuracies, condition minus published.</summary>
    public required PairedDifference CaseDifference { get; init; }

    /// <summary>Asked cases that are right under the condition and were not as published.</summary>
    public required int CasesGained { get; init; }

    /// <summary>Asked cases that were right as published and are not under the condition.</summary>
    public required int CasesLost { get; init; }

    /// <summary>Interval of <see cref="CaseDifference"/>, 95 %, which holds where few cases differ.</summary>
    public Interval CaseDifferenceInterval => PairedProportions.Interval(CasesGained, CasesLost, Cases.Total);

    /// <summary>Changed questions that were right as published and are not under the condition.</summary>
    public required int Lost { get; init; }

    /// <summary>Changed questions that are right under the condition and were not as published.</summary>
    public required int Gained { get; init; }

    /// <summary>Changed questions to which another option, or none, was chosen than as published.</summary>
    public required int OtherChoice { get; init; }

    /// <summary>Changed questions without a reply as published; they count as wrong.</summary>
    public required int PublishedWithoutReply { get; init; }

    /// <summary>Changed questions without a reply under the condition, likewise.</summary>
    public required int WithoutReply { get; init; }

    /// <summary>Exact McNemar test on the asked cases.</summary>
    public required double CaseP { get; init; }

    /// <summary>Sign-flip permutation test over cases on the changed questions.</summary>
    public required double QuestionP { get; init; }

    /// <summary>What asking the condition several times shows, over all questions of its cases; null where it was asked once.</summary>
    public EpochStatistics? Epochs { get; init; }

    /// <summary>True when there is enough to test: at least two asked cases, a changed question, and replies.</summary>
    public bool IsTested => Questions.Total > 0 && Cases.Total > 1
        && WithoutReply < Questions.Total && PublishedWithoutReply < Questions.Total;

    /// <summary><see cref="CaseP"/> after Holm's correction over all tests of the model.</summary>
    public double AdjustedCaseP { get; init; } = 1;

    /// <summary><see cref="QuestionP"/> after Holm's correction over all tests of the model.</summary>
    public double AdjustedQuestionP { get; init; } = 1;

    /// <summary>True when the corrected test on questions tells the condition from the published way.</summary>
    public bool IsTold => AdjustedQuestionP <= ComparisonTable.Alpha;
}
