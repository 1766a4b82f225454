using System.Globalization;

namespace LiveClin.Stats.Comparison;

/// <summary>Says in plain words what a comparison shows, and no more than its tests allow.</summary>
public static class Conclusion
{
    /// <summary>One or two sentences on two models.</summary>
    public static string Of(ModelComparison pair)
    {
        if (pair.SharedCases == 0) return $"{pair.First} and {pair.Second} share no cases; nothing can be said.";
        if (pair.SharedCases < 2) return $"{pair.First} and {pair.Second} share one case; nothing can be said.";
        var cases = Points(pair.Cases.Difference);
        var interval = pair.Cases.Interval();
        var where = $"on {pair.SharedCases} shared cases ({Points(interval.Low)} to {Points(interval.High)} points at 95 %)";
        var caseTest = pair.AdjustedCaseP <= ComparisonTable.Alpha;
        var questionTest = pair.AdjustedQuestionP <= ComparisonTable.Alpha;
        var better = pair.Questions.Difference >= 0 ? pair.First : pair.Second;
        return (caseTest, questionTest) switch
        {
            (true, true) when Math.Sign(pair.Cases.Difference) == Math.Sign(pair.Questions.Difference) =>
                $"{better} is better than {(better == pair.First ? pair.Second : pair.First)}: its case accuracy differs by {cases} points {where}, and both tests hold after correction.",
            (true, true) => $"{pair.First} and {pair.Second} differ in opposite directions: {cases} points by case, {Points(pair.Questions.Difference)} by question {where}.",
            (true, false) => $"{pair.First} and {pair.Second} differ by {cases} points of case accuracy {where}; their question accuracies cannot be told apart.",
            (false, true) => $"{better} answers more questions correctly ({Points(pair.Questions.Difference)} points); whole cases cannot be told apart ({cases} points {where}).",
            _ => $"{pair.First} and {pair.Second} cannot be told apart: the difference of {cases} points in case accuracy {where} may be chance. "
                + $"This set would show a difference of about {Points(pair.Cases.MinimumDetectable()).TrimStart('+')} points four times in five.",
        };
    }

    private static string Points(double share) => (share * 100).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture);
}
