using System.Collections.Immutable;
using LiveClin.Core.Formats;

namespace LiveClin.Core.Statistics;

/// <summary>Computes the published core statistics.</summary>
public static class CoreAnalyzer
{
    private const int Extremes = 5;

    private static readonly (double Low, double High, string Label)[] Bands =
        [(0.8, 1.0, "80%-100%"), (0.6, 0.8, "60%-80%"), (0.4, 0.6, "40%-60%"), (0.2, 0.4, "20%-40%"), (0.0, 0.2, "0%-20%")];

    /// <summary>Analyses the case files of a folder.</summary>
    /// <param name="folder">The folder; written into the statistics as given.</param>
    /// <param name="ignoredModels">Models to leave out.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ResultFileException">There is no such folder.</exception>
    public static CoreStatistics AnalyzeFolder(string folder, IReadOnlyCollection<string> ignoredModels,
        CancellationToken cancellationToken) =>
        Analyze(folder, CoreFolder.ReadCases(folder, cancellationToken), ignoredModels);

    /// <summary>Analyses case files that were read in the published order.</summary>
    public static CoreStatistics Analyze(string folder, IEnumerable<CoreCaseResult> files, IReadOnlyCollection<string> ignoredModels)
    {
        var ignored = ignoredModels.ToHashSet(StringComparer.Ordinal);
        var cases = new List<CaseScore>();
        var problems = ImmutableArray.CreateBuilder<FileProblem>();
        foreach (var file in files)
        {
            if (file.Case is null) problems.Add(new FileProblem(file.FileName, file.Error!.Message, Broken: true));
            else if (file.Case.Questions.Length > 0 && MissingReply(file.Case, ignored) is { } missing)
                problems.Add(new FileProblem(file.FileName, missing, Broken: false));
            else if (file.Case.Questions.Length > 0) cases.Add(Score(file.Case, ignored));
        }

        var statistics = new CoreStatistics
        {
            FolderPath = folder,
            IgnoredModels = [.. ignored.Order(Comparer<string>.Create(PythonFormat.Compare))],
            TotalFiles = cases.Count,
            Problems = problems.DrainToImmutable(),
        };
        return cases.Count == 0 ? statistics : Summarize(statistics, cases);
    }

    private static CoreStatistics Summarize(CoreStatistics statistics, List<CaseScore> inFileOrder)
    {
        var models = Tally(inFileOrder);
        ImmutableArray<CaseScore> cases = [.. inFileOrder.OrderBy(c => c.AverageAccuracy)];
        double[] averages = [.. cases.Select(c => c.AverageAccuracy)];
        return statistics with
        {
            TotalQuestions = models.Length > 0 ? models.Sum(m => (long)m.TotalQuestions) / models.Length : 0,
            Models = [.. models.OrderByDescending(m => m.QuestionAccuracy)],
            Cases = cases,
            Distribution = Distribute(averages),
            Hardest = [.. cases.Take(Extremes)],
            Easiest = [.. cases.Reverse().Take(Extremes)],
            Discrimination = SummarizeDiscrimination(inFileOrder),
            OverallCaseAverageAccuracy = NumpyMath.Mean(averages),
            AverageModelCaseAccuracy = models.Length > 0 ? NumpyMath.Mean([.. models.Select(m => m.CaseAccuracy)]) : 0,
            RarityClusters = [.. InOrder(inFileOrder, c => c.Rarity is "0" or "1" ? "0&1" : c.Rarity)
                .Select(g => new RarityCluster(g.Key, g.Value.Count, Tally(g.Value)))],
        };
    }

    private static string? MissingReply(CoreCaseFile file, HashSet<string> ignored)
    {
        for (var i = 0; i < file.Questions.Length; i++)
            foreach (var entry in file.Questions[i].Entries)
                if (entry.Response is null && !ignored.Contains(entry.ModelId))
                    return $"model_raw_response is null (question {i + 1}, model {entry.ModelId}); the file is left out for every model";
        return null;
    }

    private static CaseScore Score(CoreCaseFile file, HashSet<string> ignored)
    {
        ImmutableArray<CaseModelScore> models =
            [.. InOrder(file.Questions.SelectMany(q => q.Entries).Where(e => !ignored.Contains(e.ModelId)), e => e.ModelId)
            .Select(g => new CaseModelScore(g.Key, g.Value.Count(e => e.IsCorrect), g.Value.Count))];
        double[] accuracies = [.. models.Select(m => m.Accuracy)];
        var sum = 0.0;
        foreach (var accuracy in accuracies) sum += accuracy;
        var preview = string.IsNullOrEmpty(file.Scenario) ? "" : PythonFormat.Take(file.Scenario, 100) + "...";
        return new CaseScore(file.FileName, file.Rarity, preview, models, accuracies.Length > 0 ? sum / accuracies.Length : 0,
            Discriminate(accuracies));
    }

    private static CaseDiscrimination Discriminate(double[] accuracies)
    {
        if (accuracies.Length < 2) return new CaseDiscrimination(0, 0, 0, 0, 0, accuracies.Length);
        var deviation = NumpyMath.StandardDeviation(accuracies);
        var range = accuracies.Max() - accuracies.Min();
        var iqr = NumpyMath.Percentile(accuracies, 0.75) - NumpyMath.Percentile(accuracies, 0.25);
        var mean = NumpyMath.Mean(accuracies);
        var score = (0.4 * Math.Min(deviation / 0.5, 1)) + (0.3 * Math.Min(range, 1)) + (0.3 * Math.Min(iqr / 0.5, 1));
        return new CaseDiscrimination(deviation, range, iqr, mean > 0 ? deviation / mean : 0, score, accuracies.Length);
    }

    private static DiscriminationSummary SummarizeDiscrimination(List<CaseScore> cases)
    {
        double Average(Func<CaseDiscrimination, double> of) => NumpyMath.Mean([.. cases.Select(c => of(c.Discrimination))]);
        var high = cases.Count(c => c.Discrimination.Score > 0.7);
        var medium = cases.Count(c => c.Discrimination.Score > 0.3) - high;
        return new DiscriminationSummary(
            Average(d => d.StandardDeviation), Average(d => d.Iqr), Average(d => d.Cv), high, medium, cases.Count - high - medium,
            [.. cases.OrderByDescending(c => c.Discrimination.Score).Take(Extremes)]);
    }

    private static ImmutableArray<AccuracyBand> Distribute(double[] averages)
    {
        var bands = ImmutableArray.CreateBuilder<AccuracyBand>(Bands.Length);
        var running = 0;
        foreach (var (low, high, label) in Bands)
        {
            var count = averages.Count(a => low <= a && (a < high || (high == 1 && a == 1)));
            running += count;
            bands.Add(new AccuracyBand(label, count, (double)count / averages.Length * 100, running,
                (double)running / averages.Length * 100));
        }

        return bands.MoveToImmutable();
    }

    private static ImmutableArray<ModelScore> Tally(IEnumerable<CaseScore> cases) =>
    [
        .. InOrder(cases.SelectMany(c => c.Models), m => m.Model).Select(g => new ModelScore(
            g.Key, g.Value.Sum(m => m.Total), g.Value.Sum(m => m.Correct), g.Value.Count, g.Value.Count(m => m.Correct == m.Total))),
    ];

    // Groups in order of first appearance, as a Python dict keeps them.
    private static List<KeyValuePair<string, List<T>>> InOrder<T>(IEnumerable<T> items, Func<T, string> key)
    {
        var groups = new List<KeyValuePair<string, List<T>>>();
        var index = new Dictionary<string, List<T>>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (!index.TryGetValue(key(item), out var group))
            {
                index[key(item)] = group = [];
                groups.Add(new(key(item), group));
            }

            group.Add(item);
        }

        return groups;
    }
}
