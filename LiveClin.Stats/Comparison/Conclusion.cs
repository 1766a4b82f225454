using System.Globalization;

namespace LiveClin.Stats.Comparison;

/// <summary>Says in plain words what a comparison shows, and no more than its tests allow.</summary>
public static class Conclusion
{
    /// <summary>One or two sentences on two models.</summary>
    public static string Of(ModelComparison pair)
    {
        if (pair.SharedCases == 0) return $"{pair.First} and {pair.Second} share no cases; nothing can be said.";
        if (pair.SharedCases == 1) return $"{pair.First} and {pair.Second} share one case; nothing can be said.";

        // Told from the side of the model that answers more questions correctly.
        var isFirst = pair.Questions.Difference >= 0;
        var (better, other, sign) = isFirst ? (pair.First, pair.Second, 1) : (pair.Second, pair.First, -1);
        var interval = pair.Cases.Interval();
        var (low, high) = isFirst ? (interval.Low, interval.High) : (-interval.High, -interval.Low);
        var cases = Points(sign * pair.Cases.Difference);
        var questions = Points(sign * pair.Questions.Difference);
        var where = $"on {pair.SharedCases} shared cases" + (double.IsFinite(low) ? $", 95 % interval {Points(low)} to {Points(high)}," : "");
        var caseTest = pair.AdjustedCaseP <= ComparisonTable.Alpha;
        var questionTest = pair.AdjustedQuestionP <= ComparisonTable.Alpha;
        return (caseTest, questionTest) switch
        {
            (true, true) when sign * pair.Cases.Difference > 0 =>
                $"{better} is better than {other}: {cases} points of case accuracy {where} and {questions} points of question accuracy; both tests hold after correction.",
            (true, true) => $"{better} answers more questions correctly ({questions} points), but fewer whole cases ({cases} points {where.TrimEnd(',')}); both tests hold after correction.",
            (true, false) => $"{better} and {other} differ by {cases} points of case accuracy {where.TrimEnd(',')}; their question accuracies cannot be told apart.",
            (false, true) => $"{better} answers more questions correctly than {other} ({questions} points); for whole cases ({cases} points {where.TrimEnd(',')}) the exact test shows no difference.",
            _ => $"{better} and {other} cannot be told apart: the difference of {cases} points in case accuracy {where} may be chance. "
                + Detectable(pair.Cases.MinimumDetectable()),
        };
    }

    // Models that agree on every case show no spread to judge from; "0.0 points" would claim a precision that is not there.
    private static string Detectable(double share) => share > 0
        ? $"This set would show a difference of about {Points(share).TrimStart('+')} points four times in five."
        : "They agree on every case, so these cases do not tell how small a difference could be seen.";

    private static string Points(double share) => (share * 100).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture);
}
