using System.Text.Json.Nodes;
using LiveClin.Core.Formats;
using LiveClin.Core.Statistics;

namespace LiveClin.Core.Tests.Statistics;

public class CoreAnalyzerTests
{
    [Fact]
    public void A_missing_reply_takes_the_case_from_every_model_unless_its_model_is_ignored()
    {
        CoreCaseResult[] files = [CaseFile("a", Entry("m", true), Entry("n", true)),
            CaseFile("b", Entry("m", true), Entry("n", false) with { Response = null })];
        var all = CoreAnalyzer.Analyze("f", files, []);
        Assert.Equal((1, 1), (all.TotalFiles, all.Models.Single(m => m.Model == "m").TotalCases));
        Assert.Contains("question 1, model n", Assert.Single(all.Problems).Message, StringComparison.Ordinal);
        Assert.Equal(2, CoreAnalyzer.Analyze("f", files, ["n"]).TotalFiles);
    }

    [Fact]
    public void A_case_without_entries_counts_as_hardest_and_one_without_questions_not_at_all()
    {
        var statistics = CoreAnalyzer.Analyze("f",
            [CaseFile("a", Entry("m", false)), CaseFile("b"),
            new("c", new CoreCaseFile { FileName = "c", Rarity = "0", Questions = [] }, null)], []);
        Assert.Equal(2, statistics.TotalFiles);
        Assert.Equal(["a", "b"], statistics.Hardest.Select(c => c.FileName)); // both average 0: file order
        Assert.Equal(["b", "a"], statistics.Easiest.Select(c => c.FileName));
        Assert.Equal(1, statistics.Models.Single().TotalCases);
    }

    [Fact]
    public void Ties_keep_the_order_of_first_appearance()
    {
        var statistics = CoreAnalyzer.Analyze("f", [CaseFile("a", Entry("z", true), Entry("b", true)), CaseFile("b", Entry("a", true))],
            []);
        Assert.Equal(["z", "b", "a"], statistics.Models.Select(m => m.Model));
    }

    [Fact]
    public void Nothing_to_count_gives_zeros_as_published()
    {
        var statistics = CoreAnalyzer.Analyze("f", [], ["b", "a"]);
        var report = CoreReport.Render(statistics);
        Assert.Contains("Ignored models: a, b\n", report, StringComparison.Ordinal);
        Assert.Contains("  High (>0.7):      0 cases (0.0%)\n", report, StringComparison.Ordinal);
        Assert.EndsWith("\nTop 0 Easiest Cases:\n" + new string('-', 60), report, StringComparison.Ordinal);
        using var stream = new MemoryStream();
        CoreStatisticsJson.Write(stream, statistics, DateTimeOffset.UnixEpoch);
        var json = JsonNode.Parse(stream.ToArray())!;
        Assert.Equal("{}", json["discrimination_analysis"]!.ToJsonString());
    }

    private static CoreCaseResult CaseFile(string name, params CoreEntry[] entries) =>
        new(name, new CoreCaseFile { FileName = name, Rarity = "0", Questions = [new CoreQuestion { Entries = [.. entries] }] }, null);

    private static CoreEntry Entry(string model, bool correct) => new() { ModelId = model, Response = "x", IsCorrect = correct };
}
