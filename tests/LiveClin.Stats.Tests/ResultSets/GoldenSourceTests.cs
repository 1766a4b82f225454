using LiveClin.Core.Formats;
using LiveClin.Core.Statistics;
using LiveClin.Stats.Published;
using LiveClin.Stats.ResultSets;
using LiveClin.Testing;

namespace LiveClin.Stats.Tests.ResultSets;

public sealed class GoldenSourceTests
{
    [Theory]
    [InlineData(GoldenSet.OwnDemo, 16, 80, "90000001", "mock-a", "mock-b", "mock-c")]
    [PublishedDemoData(10, 46, "11577515", "mock-a")]
    public void A_core_folder_loaded_into_a_set_gives_the_published_report_and_the_v1_summaries(GoldenSet golden, int cases, int questions,
        string first, params string[] models)
    {
        var set = CoreFolderSource.Load(golden.Recording("evaluated"), TestContext.Current.CancellationToken);
        Assert.Equal((cases, questions, first, 10),
            (set.Cases.Length, set.QuestionCount, set.Cases[0].Id, set.Cases[0].Questions[0].Letters.Length));
        Assert.Equal(File.ReadAllText(golden.Recording("evaluation_report.txt")),
            CoreReport.Render(PublishedStatistics.Core(set, "evaluated", [])));
        foreach (var model in models)
        {
            var recorded = V1ResultsFile.Read(golden.Recording($"results-v1-{model}.json")).Summary;
            var summary = PublishedStatistics.V1(set, set.FindModel(model)!).Summary;
            Assert.Equal(recorded.Total, summary.Total);
            Assert.Equal(recorded.ByStage, summary.ByStage);
            Assert.Equal(recorded.ByPosition, summary.ByPosition);
            Assert.Equal(recorded.ByImageModality, summary.ByImageModality);
            Assert.Equal(recorded.ByTableModality, summary.ByTableModality);
        }
    }
}
