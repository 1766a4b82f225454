using LiveClin.Core.Simulated;
using LiveClin.Stats.Ledger;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Comparison;

/// <summary>What a whole set shows, in one or two sentences for those who read no table.</summary>
public static class Findings
{
    /// <summary>
    /// Which two are told apart and which are not, and whether the known truth of simulated examinees is recovered; empty where there is
    /// nothing to say.
    /// </summary>
    public static string Of(ResultSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return string.Join(' ', new[] { Pairs(ComparisonTable.Of(set)), Truths(set) }.Where(sentence => sentence.Length > 0));
    }

    // The clearest difference that the corrected question test shows, and the smallest one that it does not.
    private static string Pairs(ComparisonTable table)
    {
        var known = table.Pairs.Where(pair => pair.IsTested).ToList();
        var apart = known.Where(pair => pair.TellsQuestionsApart).MinBy(pair => pair.AdjustedQuestionP);
        var alike = known.Where(pair => !pair.TellsQuestionsApart).OrderBy(pair => pair.Questions.Difference == 0)
            .ThenBy(pair => Math.Abs(pair.Questions.Difference)).FirstOrDefault();
        return (apart, alike) switch
        {
            (null, null) => "",
            (null, { } same) => $"No two can be told apart, {Names(same)} for example: {Scores(same)}.",
            ({ } different, null) => $"All can be told apart, {Names(different)} most clearly: {Scores(different)}.",
            ({ } different, { } same) =>
                $"{Names(different)} can be told apart: {Scores(different)}; {Names(same)} cannot: {Scores(same)}.",
        };
    }

    private static string Truths(ResultSet set)
    {
        var rows = Leaderboard.Of(set).Rows.Select(row => (Row: row, Truth: set.TruthOf(row.Ledger.Model)))
            .Where(row => row.Truth is not null).ToList();
        if (rows.Count == 0) return "";
        // The cases vary, and one case does not.
        if (rows.All(row => row.Row.Ledger.Cases.Total < 2)) return "Of a single case there are no intervals.";
        var missed = rows.Where(row => !IsRecovered(row.Row, row.Truth!)).Select(row => row.Row.Ledger.Model.Model).ToList();
        var examinees = rows.Count == 1 ? "the simulated examinee" : $"each of the {rows.Count} simulated examinees";
        return missed.Count == 0
            ? $"The intervals hold the known truth of {examinees}."
            : $"The intervals miss the known truth of {string.Join(", ", missed)}, of {rows.Count} simulated examinees.";
    }

    /// <summary>
    /// True when both 95 % intervals hold the true accuracies; where there is no interval, when the score is the truth itself.
    /// </summary>
    public static bool IsRecovered(LeaderboardRow row, ExamineeTruth truth)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(truth);
        return Holds(row.QuestionMean.Interval(), row.Ledger.Questions.Value, truth.QuestionAccuracy)
            && Holds(row.CaseInterval, row.Ledger.Cases.Value, truth.CaseAccuracy);
    }

    // Ends are computed in floating point: a truth at an end is inside.
    private static bool Holds(Uncertainty.Interval interval, double value, double truth) =>
        double.IsNaN(interval.Low) ? Math.Abs(value - truth) < Rounding : interval.Low - Rounding <= truth
            && truth <= interval.High + Rounding;

    private const double Rounding = 1e-9;

    private static string Names(ModelComparison pair) => $"{pair.First} and {pair.Second}";

    private static string Scores(ModelComparison pair) =>
        $"{PairText.Share(pair.FirstQuestions)} against {PairText.Share(pair.SecondQuestions)} questions, "
        + $"corrected {PairText.Equation(pair.AdjustedQuestionP)}";
}
