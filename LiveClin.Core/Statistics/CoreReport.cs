using System.Collections.Immutable;
using System.Globalization;
using LiveClin.Core.Formats;
using LiveClin.Core.Text;

namespace LiveClin.Core.Statistics;

/// <summary>The published text report, <c>0.evaluation_report.txt</c>, byte for byte.</summary>
public static class CoreReport
{
    private static readonly string Rule = new('-', 60);

    /// <summary>The report; lines end with a line feed, the last one without.</summary>
    public static string Render(CoreStatistics statistics)
    {
        var lines = new List<string>
        {
            "\n" + new string('=', 60), "EVALUATION STATISTICS SUMMARY", new('=', 60),
            $"\nTotal files analyzed: {statistics.TotalFiles}", $"Total questions: {statistics.TotalQuestions}",
        };
        if (statistics.IgnoredModels.Length > 0)
            lines.Add($"Ignored models: {ShownText.Line(string.Join(", ", statistics.IgnoredModels))}");
        lines.Add($"\nOverall Case Average Accuracy: {PythonFormat.Percent(statistics.OverallCaseAverageAccuracy, 2)}");
        lines.Add($"Average Model Case Accuracy: {PythonFormat.Percent(statistics.AverageModelCaseAccuracy, 2)}");
        lines.Add("\nModel Performance (sorted by Question Accuracy):");
        lines.Add(Rule);
        AddModels(lines, statistics.Models);
        AddDiscrimination(lines, statistics.Discrimination, statistics.TotalFiles);
        AddDistribution(lines, statistics.Distribution);
        AddExtremes(lines, "Hardest", statistics.Hardest);
        AddExtremes(lines, "Easiest", statistics.Easiest);
        if (statistics.RarityClusters.Length > 0)
        {
            lines.Add("\nRarity Cluster Analysis:");
            lines.Add(Rule);
            foreach (var cluster in statistics.RarityClusters)
            {
                lines.Add($"\nCluster: {ShownText.Line(cluster.Rarity)}  (Cases: {cluster.CaseCount})");
                AddModels(lines, [.. cluster.Models.OrderByDescending(m => m.QuestionAccuracy)]);
            }
        }

        return string.Join('\n', lines);
    }

    private static void AddModels(List<string> lines, ImmutableArray<ModelScore> models)
    {
        lines.Add($"{Pad("Model", 30)} {Pad("Case Acc", 15)} {Pad("Question Acc", 15)}");
        lines.Add(Rule);
        foreach (var model in models)
            lines.Add($"{Pad(model.Model, 30)} {Pad(PythonFormat.Percent(model.CaseAccuracy, 2), 15)} {Pad(PythonFormat.Percent(model.QuestionAccuracy, 2), 15)}");
    }

    private static void AddDiscrimination(List<string> lines, DiscriminationSummary? summary, int files)
    {
        string Share(int? count) => PythonFormat.Fixed(count is { } some ? (double)some / files * 100 : 0, 1);
        lines.Add("\nDiscrimination Analysis (Question Differentiation Metrics):");
        lines.Add(Rule);
        lines.Add($"Average Standard Deviation: {PythonFormat.Fixed(summary?.AverageStandardDeviation ?? 0, 4)}");
        lines.Add($"Average IQR (Interquartile Range): {PythonFormat.Fixed(summary?.AverageIqr ?? 0, 4)}");
        lines.Add($"Average CV (Coefficient of Variation): {PythonFormat.Fixed(summary?.AverageCv ?? 0, 4)}");
        lines.Add("\nDiscrimination Distribution:");
        lines.Add($"  High (>0.7):      {summary?.High ?? 0} cases ({Share(summary?.High)}%)");
        lines.Add($"  Medium (0.3-0.7): {summary?.Medium ?? 0} cases ({Share(summary?.Medium)}%)");
        lines.Add($"  Low (<0.3):       {summary?.Low ?? 0} cases ({Share(summary?.Low)}%)");
        if (summary is null) return;
        lines.Add($"\nTop {summary.Top.Length} Most Discriminating Cases:");
        lines.Add($"{Pad("Rank", 6)} {Pad("Filename", 40)} {Pad("Std Dev", 12)} {Pad("IQR", 12)} {Pad("CV", 12)}");
        lines.Add(new string('-', 82));
        foreach (var (index, @case) in summary.Top.Index())
            lines.Add($"{Pad(Number(index + 1), 6)} {Pad(@case.FileName, 40)} {Four(@case.Discrimination.StandardDeviation)} {Four(@case.Discrimination.Iqr)} {Four(@case.Discrimination.Cv)}");
    }

    private static void AddDistribution(List<string> lines, ImmutableArray<AccuracyBand> bands)
    {
        lines.Add("\nCase Accuracy Distribution:");
        lines.Add(Rule);
        lines.Add($"{Pad("Range", 15)} {Pad("Count", 10)} {Pad("Percentage", 15)} {Pad("Cumulative", 15)}");
        lines.Add(Rule);
        foreach (var band in bands)
            lines.Add($"{Pad(band.Label, 15)} {Pad(Number(band.Count), 10)} {Pad(PythonFormat.Fixed(band.Percentage, 1), 15)}% {Pad(PythonFormat.Fixed(band.CumulativePercentage, 1), 15)}%");
    }

    private static void AddExtremes(List<string> lines, string kind, ImmutableArray<CaseScore> cases)
    {
        lines.Add($"\nTop {cases.Length} {kind} Cases:");
        lines.Add(Rule);
        foreach (var (index, @case) in cases.Index())
            lines.Add($"{index + 1}. {ShownText.Line(@case.FileName)} - Accuracy: {PythonFormat.Percent(@case.AverageAccuracy, 2)}");
    }

    // Names come from outside; what is harmless stays byte for byte.
    private static string Pad(string text, int width) => PythonFormat.PadRight(ShownText.Line(text), width);

    private static string Four(double value) => Pad(PythonFormat.Fixed(value, 4), 12);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
