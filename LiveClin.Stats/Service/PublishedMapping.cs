using System.Text;
using LiveClin.Core.Formats;
using LiveClin.Core.Statistics;
using LiveClin.Stats.Published;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.V1;
using CoreStatistics = LiveClin.Core.Statistics.CoreStatistics;

namespace LiveClin.Stats.Service;

/// <summary>The published statistics in the contract's form.</summary>
internal static class PublishedMapping
{
    public static GetStatisticsResponse ToMessage(ResultSet set) => new()
    {
        Release = set.Release,
        Core = ToMessage(PublishedStatistics.Core(set, set.Release, [])),
        V1 = { set.Models.Select(model => ToMessage(PublishedStatistics.V1(set, model))) },
        Notes = { set.Notes },
    };

    private static V1.CoreStatistics ToMessage(CoreStatistics statistics) => new()
    {
        TotalFiles = statistics.TotalFiles,
        TotalQuestions = statistics.TotalQuestions,
        Models = { statistics.Models.Select(ToMessage) },
        OverallCaseAverageAccuracy = statistics.OverallCaseAverageAccuracy,
        AverageModelCaseAccuracy = statistics.AverageModelCaseAccuracy,
        HardestCases = { statistics.Hardest.Select(ToMessage) },
        EasiestCases = { statistics.Easiest.Select(ToMessage) },
        RarityClusters = { statistics.RarityClusters.Select(c =>
            new CoreRarityCluster { Rarity = c.Rarity, CaseCount = c.CaseCount, Models = { c.Models.Select(ToMessage) } }) },
        StatisticsJson = Text(stream => CoreStatisticsJson.Write(stream, statistics, DateTimeOffset.Now)),
        ReportText = CoreReport.Render(statistics),
        LeftOut = { statistics.Problems.Select(p => $"{p.FileName}: {p.Message}") },
    };

    private static V1Statistics ToMessage(V1Results results)
    {
        var summary = results.Summary;
        var total = summary.Total ?? new V1Block(0, 0, 0, 0);
        return new V1Statistics
        {
            Model = results.Meta.Model,
            Questions = new Uncertainty.Ratio(total.CorrectQuestions, total.Questions).ToMessage(),
            Cases = new Uncertainty.Ratio(total.CorrectCases, total.Cases).ToMessage(),
            SummaryJson = Text(stream =>
            {
                using var json = new PythonJsonWriter(stream);
                V1SummaryJson.Write(json, summary);
            }),
            SummaryText = V1SummaryText.Render(results.Meta, summary),
        };
    }

    private static CoreModelScore ToMessage(ModelScore score) => new()
    {
        Model = score.Model,
        Questions = new Uncertainty.Ratio(score.CorrectQuestions, score.TotalQuestions).ToMessage(),
        Cases = new Uncertainty.Ratio(score.CorrectCases, score.TotalCases).ToMessage(),
    };

    private static CoreCaseScore ToMessage(CaseScore score) =>
        new() { FileName = score.FileName, AverageAccuracy = score.AverageAccuracy, DiscriminationScore = score.Discrimination.Score };

    private static string Text(Action<Stream> write)
    {
        using var buffer = new MemoryStream();
        write(buffer);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
