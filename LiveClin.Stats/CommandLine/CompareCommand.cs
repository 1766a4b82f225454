using System.CommandLine;
using System.Globalization;
using LiveClin.ServiceDefaults.Commands;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.CommandLine;

/// <summary><c>compare</c>: two models on the same cases; a gate for continuous integration.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var source = new SourceOptions();
        var baseline = new Option<string>("--baseline") { Description = "Model to compare with.", HelpName = "A", Required = true };
        var candidate = new Option<string>("--candidate") { Description = "Model that is compared.", HelpName = "B", Required = true };
        var fail = new Option<bool>("--fail-if-worse") { Description = "End with exit code 1 when a paired test shows the candidate to be worse (p ≤ 0.05 after correction for two tests)." };
        var command = new Command("compare", "Compares two models on the cases that both answered.") { baseline, candidate, fail };
        source.AddTo(command);
        command.SetCheckedAction(async (parsed, cancellationToken) =>
        {
            var set = source.Load(parsed, cancellationToken);
            var console = parsed.InvocationConfiguration;
            var names = new[] { parsed.GetValue(candidate)!, parsed.GetValue(baseline)! };
            if (names.FirstOrDefault(name => set.FindModel(name) is null) is { } missing)
            {
                await console.Error.WriteLineAsync($"error: there is no model '{missing}'; there are: {string.Join(", ", set.Models.Select(m => m.Model))}.");
                return ExitCodes.Invalid;
            }

            foreach (var note in set.Notes) await console.Error.WriteLineAsync("note: " + note);
            var comparison = Comparisons.Two(set, set.FindModel(names[0])!, set.FindModel(names[1])!);
            Print(comparison, console.Output);
            if (comparison.IsEmpty) return ExitCodes.Invalid;
            return parsed.GetValue(fail) && Comparisons.IsFirstWorse(comparison) ? ExitCodes.SomeFailed : ExitCodes.Success;
        });
        return command;
    }

    private static void Print(ModelComparison pair, TextWriter output)
    {
        if (pair.SharedCases == 0)
        {
            output.WriteLine(Conclusion.Of(pair));
            return;
        }

        output.WriteLine($"{pair.First} against {pair.Second} on {pair.SharedCases} shared cases");
        output.WriteLine($"  cases      {Share(pair.FirstCases)} against {Share(pair.SecondCases)}: {Difference(pair.Cases)}, exact McNemar p = {P(pair.CaseP)} ({pair.OnlyFirst.Length} only the first, {pair.OnlySecond.Length} only the second)");
        output.WriteLine($"  questions  {Share(pair.FirstQuestions)} against {Share(pair.SecondQuestions)}: {Difference(pair.Questions)}, cluster permutation p = {P(pair.QuestionP)}");
        output.WriteLine(Conclusion.Of(pair));
    }

    private static string Share(Ratio ratio) => string.Create(CultureInfo.InvariantCulture, $"{ratio.Count}/{ratio.Total} ({ratio.Value * 100:0.0}%)");

    private static string Difference(PairedDifference difference)
    {
        var interval = difference.Interval();
        var ends = double.IsFinite(interval.Low) ? string.Create(CultureInfo.InvariantCulture, $"[{interval.Low * 100:+0.0;-0.0;0.0}, {interval.High * 100:+0.0;-0.0;0.0}]") : "(no interval: the cases do not differ)";
        return string.Create(CultureInfo.InvariantCulture, $"{difference.Difference * 100:+0.0;-0.0;0.0} points {ends}");
    }

    private static string P(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
