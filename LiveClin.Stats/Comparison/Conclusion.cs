using System.Globalization;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Comparison;

/// <summary>Says in plain words what a comparison shows, and no more than its tests allow.</summary>
public static class Conclusion
{
    /// <summary>One to three sentences on two models.</summary>
    public static string Of(ModelComparison pair)
    {
        if (pair.SharedCases == 0) return $"{pair.First} and {pair.Second} share no cases; nothing can be said.";
        if (pair.SharedCases == 1) return $"{pair.First} and {pair.Second} share one case; nothing can be said.";
        if (pair.IsEmpty)
            return $"{(pair.FirstWithoutReply == pair.FirstQuestions.Total ? pair.First : pair.Second)} has not replied to any question of the {pair.SharedCases} shared cases; nothing can be said.";
        return Tests(pair) + Missing(pair.First, pair.FirstWithoutReply, pair.FirstQuestions) + Missing(pair.Second, pair.SecondWithoutReply, pair.SecondQuestions);
    }

    private static string Tests(ModelComparison pair)
    {
        // Told from the side of the model that answers more questions correctly.
        var isFirst = pair.Questions.Difference >= 0;
        var (better, other, sign) = isFirst ? (pair.First, pair.Second, 1) : (pair.Second, pair.First, -1);
        var difference = sign * pair.Cases.Difference;
        var cases = $"{Points(difference)} points of case accuracy {Where(pair, sign)}";
        var questions = Points(sign * pair.Questions.Difference);
        return (pair.AdjustedCaseP <= ComparisonTable.Alpha, pair.AdjustedQuestionP <= ComparisonTable.Alpha) switch
        {
            (true, true) when difference > 0 => $"{better} is better than {other}: {cases}, and {questions} points of question accuracy; both tests hold after correction.",
            (true, true) => $"{better} answers more questions correctly than {other} ({questions} points), but fewer whole cases: {cases}; both tests hold after correction.",
            (true, false) when difference > 0 => $"{better} gets more whole cases right than {other}: {cases}; their question accuracies cannot be told apart.",
            (true, false) => $"{other} gets more whole cases right than {better}: {Points(-difference)} points of case accuracy {Where(pair, -sign)}; their question accuracies cannot be told apart.",
            (false, true) => $"{better} answers more questions correctly than {other} ({questions} points); on whole cases the corrected test does not tell them apart: {cases}.",
            _ when difference == 0 => $"{better} and {other} cannot be told apart: their case accuracies are equal {Where(pair, sign)}. {Detectable(pair)}",
            _ => $"{better} and {other} cannot be told apart: {cases} may be chance. {Detectable(pair)}",
        };
    }

    // The interval stands for this pair alone, so that it may leave out zero where the corrected test finds nothing.
    private static string Where(ModelComparison pair, int sign)
    {
        var interval = pair.Cases.Interval();
        var (low, high) = sign > 0 ? (interval.Low, interval.High) : (-interval.High, -interval.Low);
        return $"on {pair.SharedCases} shared cases" + (double.IsFinite(low) ? $" (95 % interval before correction {Points(low)} to {Points(high)})" : "");
    }

    // Cases that all differ alike show no spread to judge from; "0.0 points" would claim a precision that is not there.
    private static string Detectable(ModelComparison pair) => pair.Cases switch
    {
        { StandardError: > 0 } cases => $"This set would show a difference of about {Points(cases.MinimumDetectable()).TrimStart('+')} points four times in five.",
        { Difference: 0 } => "They get the same cases right, so these cases do not tell how small a difference could be seen.",
        _ => "One gets every case right and the other none, but so few cases prove nothing.",
    };

    private static string Missing(string model, int missing, Ratio questions) =>
        missing == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {model} has no reply to {missing:#,0} of {questions.Total:#,0} questions; they count as wrong here.");

    private static string Points(double share) => (share * 100).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture);
}
