using System.CommandLine;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;
using LiveClin.Core.Statistics;
using LiveClin.ServiceDefaults.Commands;
using LiveClin.Stats.Published;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.CommandLine;

/// <summary>
/// <c>analyze --results</c> and <c>--store</c>: prints the published v1 summary of each model, and a table when there are several.
/// </summary>
internal static class V1Analysis
{
    public static int RunFiles(string[] files, string[] ignored, InvocationConfiguration console)
    {
        var results = new List<V1Results>();
        var broken = 0;
        foreach (var file in files)
        {
            try
            {
                var read = V1ResultsFile.Read(file);
                if (!ignored.Contains(read.Meta.Model)) results.Add(read);
            }
            catch (ResultFileException error)
            {
                broken++;
                console.Error.WriteLine("left out: " + error.Message);
            }
        }

        if (results.Count == 0)
        {
            console.Error.WriteLine("error: there is no results file left to analyze.");
            return ExitCodes.Invalid;
        }

        Print(results, console.Output);
        return broken > 0 ? ExitCodes.SomeFailed : ExitCodes.Success;
    }

    public static int RunStore(string path, string[] ignored, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        var set = StoreSource.Load(ResultStore.OpenReadOnly(path), new RunSelection { IgnoredModels = ignored }, cancellationToken);
        Print([.. set.Models.Select(model => PublishedStatistics.V1(set, model))], console.Output);
        console.Output.WriteLine(CoreReport.Render(PublishedStatistics.Core(set, path, ignored)));
        foreach (var note in set.Notes) console.Error.WriteLine("note: " + note);
        return set.Damaged.IsEmpty ? ExitCodes.Success : ExitCodes.SomeFailed;
    }

    private static void Print(IReadOnlyCollection<V1Results> results, TextWriter output)
    {
        var summaries = results.Select(r => (r.Meta, r.Summary)).ToList();
        foreach (var (meta, summary) in summaries) output.Write(V1SummaryText.Render(meta, summary));
        if (summaries.Count < 2) return;
        output.WriteLine($"{PythonFormat.PadRight("Model", 40)} {PythonFormat.PadRight("Dataset", 12)} {PythonFormat.PadLeft("Questions", 20)} {PythonFormat.PadLeft("Cases", 20)}");
        foreach (var (meta, summary) in summaries.OrderByDescending(s => s.Summary.Total?.QuestionAccuracy ?? 0))
        {
            var total = summary.Total ?? new V1Block(0, 0, 0, 0);
            output.WriteLine(
                $"{PythonFormat.PadRight(meta.Model, 40)} {PythonFormat.PadRight(meta.Dataset, 12)} " +
                $"{Ratio(total.CorrectQuestions, total.Questions, total.QuestionAccuracy)} {Ratio(total.CorrectCases, total.Cases, total.CaseAccuracy)}");
        }
    }

    private static string Ratio(int part, int whole, double ratio) =>
        PythonFormat.PadLeft($"{part}/{whole} ({PythonFormat.Percent(ratio, 1)})", 20);
}
