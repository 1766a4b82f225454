using LiveClin.Stats.Comparison;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.CommandLine.Compare;

/// <summary>The comparison as lines for a terminal.</summary>
internal static class CompareText
{
    public static void Write(TextWriter output, CompareOutcome outcome)
    {
        var pair = outcome.Pair;
        if (pair.SharedCases > 0)
        {
            var roles = $"candidate: {outcome.Candidate.Model}, baseline: {outcome.Baseline.Model}";
            output.WriteLine($"{pair.First} against {pair.Second} on {pair.SharedCases} shared cases; {roles}");
            output.WriteLine($"  cases      {Shares(pair.FirstCases, pair.SecondCases, pair.Cases)}, {Test("exact McNemar", pair.CaseP, pair.AdjustedCaseP)}");
            output.WriteLine($"             {pair.OnlyFirst.Length} right with {pair.First} only, {pair.OnlySecond.Length} with {pair.Second} only");
            output.WriteLine(
                $"  questions  {Shares(pair.FirstQuestions, pair.SecondQuestions, pair.Questions)}, {Test("permutation of cases", pair.QuestionP, pair.AdjustedQuestionP)}");
            var balanced = double.IsFinite(pair.BalancedP)
                ? $", Student {PairText.Equation(pair.BalancedP)}, a control, not corrected" : "";
            output.WriteLine($"  balanced   {PairText.Points(pair.Balanced.Difference)} points ({PairText.Ends(pair.Balanced)}){balanced}");
            if (outcome.Floors.All is [_, ..] floors) output.WriteLine($"  floors     {string.Join("; ", floors)}");
        }

        foreach (var epochs in outcome.Epochs) output.WriteLine($"{epochs.Model}: {epochs.Statement}");
        foreach (var check in outcome.FloorChecks) output.WriteLine(check.Statement);
        output.WriteLine(pair.Conclusion);
        output.WriteLine($"Verdict on {outcome.Candidate.Model}: {outcome.Verdict}: {outcome.Result.Reason}");
    }

    private static string Shares(Ratio first, Ratio second, PairedDifference difference) =>
        $"{PairText.Share(first)} against {PairText.Share(second)}: {PairText.Points(difference.Difference)} points ({PairText.Ends(difference)})";

    private static string Test(string name, double p, double corrected) =>
        $"{name} {PairText.Equation(p)}, corrected {PairText.P(corrected)}";
}
