using System.Collections.Immutable;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Comparison;

/// <summary>
/// Two models on the cases that both cover. First is the one that gets more of them right as a whole (else more questions, else by name),
/// whatever the order in which they were named, and every difference is first minus second: no output shows a pair the other way round.
/// </summary>
public sealed record ModelComparison
{
    /// <summary>The first model.</summary>
    public required string First { get; init; }

    /// <summary>The second model.</summary>
    public required string Second { get; init; }

    /// <summary>Number of cases that both cover.</summary>
    public required int SharedCases { get; init; }

    /// <summary>The first model's case accuracy on them.</summary>
    public required Ratio FirstCases { get; init; }

    /// <summary>The second model's case accuracy on them.</summary>
    public required Ratio SecondCases { get; init; }

    /// <summary>The first model's question accuracy on them.</summary>
    public required Ratio FirstQuestions { get; init; }

    /// <summary>The second model's question accuracy on them.</summary>
    public required Ratio SecondQuestions { get; init; }

    /// <summary>Questions of the shared cases to which the first model gave no reply; they count as wrong.</summary>
    public required int FirstWithoutReply { get; init; }

    /// <summary>Questions of the shared cases to which the second model gave no reply; they count as wrong.</summary>
    public required int SecondWithoutReply { get; init; }

    /// <summary>
    /// True when one of the two gave no reply to any question of the shared cases, or there are none: no number says anything then.
    /// </summary>
    public bool IsEmpty => FirstWithoutReply == FirstQuestions.Total || SecondWithoutReply == SecondQuestions.Total;

    /// <summary>Difference of case accuracies.</summary>
    public required PairedDifference Cases { get; init; }

    /// <summary>Difference of question accuracies, clustered by case.</summary>
    public required PairedDifference Questions { get; init; }

    /// <summary>Difference of question accuracies with every key letter counted alike.</summary>
    public required PairedDifference Balanced { get; init; }

    /// <summary>
    /// Student's test of <see cref="Balanced"/>, clustered by case; NaN without spread. A control: it is no part of the family and not
    /// corrected.
    /// </summary>
    public required double BalancedP { get; init; }

    /// <summary>Epochs of the first model; every other number here is of the first epoch.</summary>
    public required int FirstEpochs { get; init; }

    /// <summary>Epochs of the second model.</summary>
    public required int SecondEpochs { get; init; }

    /// <summary>
    /// Difference of the question accuracies' means over epochs, clustered by case; with one epoch each it is <see cref="Questions"/>.
    /// </summary>
    public required PairedDifference OverEpochs { get; init; }

    /// <summary>Cases that only the first model gets right.</summary>
    public required ImmutableArray<string> OnlyFirst { get; init; }

    /// <summary>Cases that only the second model gets right.</summary>
    public required ImmutableArray<string> OnlySecond { get; init; }

    /// <summary>Exact McNemar test on cases.</summary>
    public required double CaseP { get; init; }

    /// <summary>Cluster permutation test on questions.</summary>
    public required double QuestionP { get; init; }

    /// <summary><see cref="CaseP"/> after Holm's correction over <see cref="Family"/>; 1 where nothing can be tested.</summary>
    public required double AdjustedCaseP { get; init; }

    /// <summary><see cref="QuestionP"/> after Holm's correction over <see cref="Family"/>; 1 where nothing can be tested.</summary>
    public required double AdjustedQuestionP { get; init; }

    /// <summary>The tests over which the correction is.</summary>
    public required TestFamily Family { get; init; }

    /// <summary>False when there is too little to test: fewer than two shared cases, or a model without replies.</summary>
    public bool IsTested => SharedCases > 1 && !IsEmpty;

    /// <summary>Whether the corrected test tells their case accuracies apart.</summary>
    public bool TellsCasesApart => AdjustedCaseP <= ComparisonTable.Alpha;

    /// <summary>Whether the corrected test tells their question accuracies apart.</summary>
    public bool TellsQuestionsApart => AdjustedQuestionP <= ComparisonTable.Alpha;

    /// <summary>What all of this shows, in words, and no more than the tests allow.</summary>
    public string Conclusion => Comparison.Conclusion.Of(this);
}
