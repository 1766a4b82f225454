using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using LiveClin.ServiceDefaults.Commands;
using LiveClin.Stats.CommandLine.Compare;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.Flips;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.CommandLine;

/// <summary><c>compare</c>: two models on the same cases; a gate for continuous integration.</summary>
internal sealed class CompareCommand
{
    private readonly SourceOptions _source = new();
    private readonly Option<string> _baseline = new("--baseline")
    {
        Description = "Model to compare with: its name, or its run's identifier.", HelpName = "A", Required = true,
    };

    private readonly Option<string> _candidate = new("--candidate")
    {
        Description = "Model that is judged, likewise.", HelpName = "B", Required = true,
    };

    private readonly Option<bool> _failIfWorse = new("--fail-if-worse")
    {
        Description = "End with exit code 1 when a paired test shows the candidate to be worse (p ≤ 0.05 after correction for both tests).",
    };

    private readonly Option<double?> _margin = new("--margin")
    {
        Description = "Pass only a candidate that is shown to be at most X percentage points worse on cases and on questions "
            + "(97.5 % confidence); else exit code 1 or 3.",
        HelpName = "X",
        CustomParser = result =>
            Number(result, "a number of percentage points, more than 0 and at most 100", value => value is > 0 and <= 100),
    };

    private readonly Option<double?> _minimumCases = new("--minimum-cases")
    {
        Description = "End with exit code 3 when the two share fewer cases.",
        HelpName = "N",
        CustomParser = result =>
            Number(result, "a whole number of cases, at least 1", value => value is >= 1 and <= 1e9 && double.IsInteger(value)),
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object instead of lines." };
    private readonly Option<string?> _junit = new("--junit") { Description = "Write the verdict as a JUnit file too.", HelpName = "FILE" };
    private readonly Option<string?> _flips = new("--flips")
    {
        Description = "Write every question that changed side, with both replies, as Markdown or HTML.", HelpName = "FILE.md|FILE.html",
    };

    private const int Inconclusive = 3;

    private CompareCommand() { }

    public static Command Create() => new CompareCommand().Build();

    private Command Build()
    {
        var command = new Command(
            "compare",
            "Compares two models on the cases that both answered. Exit codes: 0 not worse, 1 worse, 3 inconclusive, 2 input wrong; "
            + "without --fail-if-worse, --margin and --minimum-cases 0 or 2.")
        {
            _baseline, _candidate, _failIfWorse, _margin, _minimumCases, _json, _junit, _flips,
        };
        _source.AddTo(command);
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(_flips) is { } path && !FlipReport.IsKnownFormat(path))
                parsed.AddError($"--flips {path}: the file's name must end in .md or .html.");
        });
        command.SetCheckedAction(RunAsync, tellsDamage: false);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var console = parsed.InvocationConfiguration;
        ComparedModels models;
        try
        {
            models = ComparedModels.Choose(_source, parsed, parsed.GetValue(_baseline)!, parsed.GetValue(_candidate)!, cancellationToken);
        }
        catch (ModelChoiceException error)
        {
            await console.Error.WriteLineAsync("error: " + error.Message);
            return ExitCodes.Invalid;
        }

        foreach (var note in models.Set.Notes) await console.Error.WriteLineAsync("note: " + note);
        var pair = Comparisons.Two(models.Set, models.Candidate, models.Baseline);
        var gate = new Gate(parsed.GetValue(_margin) / 100, (int)(parsed.GetValue(_minimumCases) ?? 0));
        var result = gate.Judge(pair, models.Candidate.Model);
        var outcome = new CompareOutcome(models.Set, models.Baseline, models.Candidate, pair, gate, result);
        WriteFiles(parsed, models.Set, outcome);
        if (parsed.GetValue(_json)) CompareJson.Write(console.Output, outcome);
        else CompareText.Write(console.Output, outcome);
        if (pair.IsEmpty) return ExitCodes.Invalid;
        return IsGate(parsed) ? ExitCodeOf(outcome.Result.Verdict) : ExitCodes.Success;
    }

    private void WriteFiles(ParseResult parsed, ResultSet set, CompareOutcome outcome)
    {
        if (parsed.GetValue(_junit) is { } junit) CompareJUnit.Write(junit, outcome);
        if (parsed.GetValue(_flips) is not { } path) return;
        var isFirst = outcome.Pair.First == outcome.Candidate.Model;
        var (first, second) = isFirst ? (outcome.Candidate, outcome.Baseline) : (outcome.Baseline, outcome.Candidate);
        var flips = Flip.Between(set, first, second);
        var texts = _source.ReadTexts(parsed, set, first, second, flips);
        new FlipReport { Release = set.Release, Pair = outcome.Pair, Flips = flips, Texts = texts }.Write(path);
    }

    private bool IsGate(ParseResult parsed) =>
        parsed.GetValue(_failIfWorse) || parsed.GetValue(_margin) is not null || parsed.GetValue(_minimumCases) is not null;

    private static int ExitCodeOf(Verdict verdict) => verdict switch
    {
        Verdict.NotWorse => ExitCodes.Success,
        Verdict.Worse => ExitCodes.SomeFailed,
        _ => Inconclusive,
    };

    private static double? Number(ArgumentResult result, string expected, Func<double, bool> isGood)
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && isGood(value)) return value;
        result.AddError($"{((OptionResult)result.Parent!).Option.Name} {text}: {expected} was expected.");
        return null;
    }
}
