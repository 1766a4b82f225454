using System.Globalization;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Comparison;

/// <summary>Says in plain words what a comparison shows, and no more than its tests allow.</summary>
public static class Conclusion
{
    /// <summary>A few sentences on two models: what can be said, by which tests, after which correction, and what is missing.</summary>
    public static string Of(ModelComparison pair)
    {
        if (pair.SharedCases == 0) return $"{pair.First} and {pair.Second} share no cases; nothing can be said.";
        if (pair.SharedCases == 1) return $"{pair.First} and {pair.Second} share one case; nothing can be said.";
        if (pair.IsEmpty)
        {
            var silent = pair.FirstWithoutReply == pair.FirstQuestions.Total ? pair.First : pair.Second;
            return $"{silent} has not replied to any question of the {pair.SharedCases} shared cases; nothing can be said.";
        }

        return $"{Judge(pair)} {Evidence(pair)}{Epochs(pair)}"
            + Missing(pair.First, pair.FirstWithoutReply, pair.FirstQuestions)
            + Missing(pair.Second, pair.SecondWithoutReply, pair.SecondQuestions);
    }

    // Always first minus second: a number never changes its sign from one output to the next.
    private static string Judge(ModelComparison pair)
    {
        var (first, second) = (pair.First, pair.Second);
        const string both = "both tests hold after correction";
        var moreQuestions = pair.Questions.Difference > 0;
        var cases = $"{PairText.Points(pair.Cases.Difference)} points of case accuracy {Where(pair)}";
        var questions = $"{PairText.Points(pair.Questions.Difference)} points of question accuracy";
        return (pair.TellsCasesApart, pair.TellsQuestionsApart) switch
        {
            (true, true) when moreQuestions => $"{first} is better than {second}: {cases}, and {questions}; {both}.",
            (true, true) => $"{first} gets more whole cases right than {second}, but fewer questions: {cases}, and {questions}; {both}.",
            (true, false) => $"{first} gets more whole cases right than {second}: {cases}; "
                + $"their question accuracies cannot be told apart ({questions}).",
            (false, true) => $"{first} answers {(moreQuestions ? "more" : "fewer")} questions correctly than {second}: {questions}; "
                + $"on whole cases the corrected test does not tell them apart: {cases}.",
            _ when pair.Cases.Difference == 0 => $"{first} and {second} cannot be told apart: "
                + $"their case accuracies are equal {Where(pair)}. {Detectable(pair)}",
            _ => $"{first} and {second} cannot be told apart: {cases} may be chance. {Detectable(pair)}",
        };
    }

    // The interval stands for this pair alone, so that it may leave out zero where the corrected test finds nothing.
    private static string Where(ModelComparison pair) =>
        $"on {pair.SharedCases.ToString("#,0", CultureInfo.InvariantCulture)} shared cases"
        + (double.IsFinite(pair.Cases.Interval().Low) ? $" (95 % interval before correction {PairText.Ends(pair.Cases)})" : "");

    private static string Evidence(ModelComparison pair) =>
        $"Cases: exact McNemar {PairText.Equation(pair.CaseP)}, corrected {PairText.P(pair.AdjustedCaseP)}; "
        + $"questions: permutation of cases {PairText.Equation(pair.QuestionP)}, corrected {PairText.P(pair.AdjustedQuestionP)}; "
        + $"{pair.Family.Description}.";

    // The tests are of the first epoch; the mean of several is steadier, and is said beside them.
    private static string Epochs(ModelComparison pair) => pair is { FirstEpochs: 1, SecondEpochs: 1 }
        ? ""
        : $" Mean over epochs ({pair.FirstEpochs} and {pair.SecondEpochs}): {PairText.Points(pair.OverEpochs.Difference)} points of question accuracy "
            + $"(95 % interval {PairText.Ends(pair.OverEpochs)}).";

    // Cases that all differ alike show no spread to judge from; "0.0 points" would claim a precision that is not there.
    private static string Detectable(ModelComparison pair) => pair.Cases.MinimumDetectable() switch
    {
        double.PositiveInfinity => $"Not even a difference of 100 points could be seen with {pair.SharedCases} cases.",
        var points when double.IsFinite(points) =>
            $"This set would show a difference of about {PairText.Detectable(pair.Cases)} points four times in five.",
        _ when pair.Cases.Difference == 0 =>
            "They get the same cases right, so these cases do not tell how small a difference could be seen.",
        _ => "One gets every case right and the other none, but so few cases prove nothing.",
    };

    private static string Missing(string model, int missing, Ratio questions) =>
        missing == 0
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $" {model} has no reply to {missing:#,0} of {questions.Total:#,0} questions; they count as wrong here.");
}
