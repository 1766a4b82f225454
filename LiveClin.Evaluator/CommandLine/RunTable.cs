using System.Globalization;
using LiveClin.Core.Answers;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>The runs of a store as a table, newest first.</summary>
internal static class RunTable
{
    /// <param name="output">Where to.</param>
    /// <param name="store">The store.</param>
    /// <param name="all">Hidden and superseded runs, too.</param>
    public static void Write(TextWriter output, ResultStore store, bool all)
    {
        var runs = store.ListRuns();
        var labels = RunLabels.ByIdentity(runs);
        var shown = runs.Where(run => all || run is { IsHidden: false, SupersededBy: null }).ToList();
        var table = new TextTable("RUN", "MODEL", "RELEASE", "CONDITION", "TARGET", "EPOCHS", "COVERAGE", "QUESTIONS", "CASES", "STATUS",
            "FAILURES", "STARTED", "DURATION", "TOKENS", "SOURCE", "PARAMETERS");
        foreach (var run in shown)
        {
            var tally = store.Tally(run);
            table.Add(
                run.Id, RunText.Safe(labels[run.Specification.Identity]) + Marks(run), RunText.Safe(run.Specification.ReleaseName),
                run.Specification.Condition, run.Target.ToString(), run.Target.Epochs.ToString(CultureInfo.InvariantCulture),
                RunText.Coverage(tally), Score(tally, tally[Outcome.Correct], tally.Questions),
                Score(tally, tally.CasesCorrect, tally.Cases),
                RunText.Status(run), RunText.Failures(tally), RunText.Time(run.StartedAt), RunText.Duration(run),
                RunText.Tokens(tally.Usage), RunText.Safe(run.Source),
                RunText.Safe(run.Specification.ParametersJson));
        }

        table.Write(output);
        if (shown.Count < runs.Count)
            output.WriteLine($"{(runs.Count - shown.Count).ToString(CultureInfo.InvariantCulture)} more, hidden or superseded; --all shows them.");
    }

    // One that never reached its server has none.
    private static string Score(RunTally tally, int part, int whole) => tally.QuestionsAnswered == 0 ? "-" : RunText.Share(part, whole);

    private static string Marks(RunInfo run)
    {
        string[] marks = [.. run.IsChosen ? ["chosen"] : Array.Empty<string>(), .. run.IsHidden ? ["hidden"] : Array.Empty<string>(),
            .. run.SupersededBy is null ? Array.Empty<string>() : ["superseded"], .. run.Tags.Select(RunText.Safe)];
        return marks.Length == 0 ? "" : $" [{string.Join(", ", marks)}]";
    }
}
