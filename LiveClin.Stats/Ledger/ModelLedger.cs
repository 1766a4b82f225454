using System.Collections.Immutable;
using LiveClin.Core.Answers;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Ledger;

/// <summary>A model's account: what became of every question, and each accuracy with its denominator.</summary>
public sealed record ModelLedger
{
    /// <summary>The model.</summary>
    public required ModelResults Model { get; init; }

    /// <summary>What became of every question of the cases that the model covers.</summary>
    public required OutcomeCounts Outcomes { get; init; }

    /// <summary>Published question accuracy, v1: a failure counts as wrong.</summary>
    public required Ratio Questions { get; init; }

    /// <summary>Published case accuracy, v1: all questions of the case correct; a failure counts as wrong.</summary>
    public required Ratio Cases { get; init; }

    /// <summary>
    /// Published question accuracy, core: cases with a failure are left out. Other models' failures, which take a case from everybody in
    /// the core report, are not heeded here.
    /// </summary>
    public required Ratio CoreQuestions { get; init; }

    /// <summary>Published case accuracy, core: cases with a failure are left out.</summary>
    public required Ratio CoreCases { get; init; }

    /// <summary>Accuracy over the questions with a reply.</summary>
    public required Ratio Answered { get; init; }

    /// <summary>Question accuracy under the strict rule; null where the source has no replies.</summary>
    public required Ratio? StrictQuestions { get; init; }

    /// <summary>Case accuracy under the strict rule; null where the source has no replies.</summary>
    public required Ratio? StrictCases { get; init; }

    /// <summary>Question accuracy between the worst and the best that the questions without a reply could have come to.</summary>
    public required Interval QuestionBounds { get; init; }

    /// <summary>Case accuracy between the worst and the best, likewise.</summary>
    public required Interval CaseBounds { get; init; }

    /// <summary>Letters found by each published rule.</summary>
    public required ImmutableSortedDictionary<ExtractionRule, int> Rules { get; init; }

    /// <summary>The questions on which the strict rule gives another outcome than the published one.</summary>
    public required ImmutableArray<RuleDifference> Differences { get; init; }

    /// <summary>Opens the account of a model.</summary>
    public static ModelLedger Of(ResultSet set, ModelResults model)
    {
        var tally = new LedgerTally();
        foreach (var @case in set.Cases)
            if (model.Covers[@case.Index]) tally.Add(model, @case);
        return tally.Close(model);
    }
}

/// <summary>A question on which the strict rule and the published one differ.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="Question">Zero-based position of the question in it.</param>
/// <param name="Published">Outcome under the published rule.</param>
/// <param name="PublishedLetter">Letter that it found.</param>
/// <param name="Strict">Outcome under the strict rule.</param>
/// <param name="StrictLetter">Letter that it found.</param>
public sealed record RuleDifference(string CaseId, int Question, Outcome Published, char? PublishedLetter, Outcome Strict,
    char? StrictLetter);
