using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Comparison;

/// <summary>Compares two models outside of a table.</summary>
public static class Comparisons
{
    /// <summary>Two models on their shared cases; Holm's correction is over the two tests, cases and questions.</summary>
    public static ModelComparison Two(ResultSet set, ModelResults first, ModelResults second)
    {
        var pair = PairBuilder.Compare(set, new CaseCounts(set, first), new CaseCounts(set, second), null);
        var adjusted = Holm.Adjust([pair.CaseP, pair.QuestionP]);
        return pair with { AdjustedCaseP = adjusted[0], AdjustedQuestionP = adjusted[1] };
    }

    /// <summary>True when a corrected test shows the first model to be worse. False says only that nothing was shown.</summary>
    public static bool IsFirstWorse(ModelComparison pair) =>
        (pair.AdjustedCaseP <= ComparisonTable.Alpha && pair.Cases.Difference < 0) || (pair.AdjustedQuestionP <= ComparisonTable.Alpha && pair.Questions.Difference < 0);
}
