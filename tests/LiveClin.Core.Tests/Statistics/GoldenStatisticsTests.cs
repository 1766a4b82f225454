using System.Text;
using System.Text.Json.Nodes;
using LiveClin.Core.Formats;
using LiveClin.Core.Statistics;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Statistics;

public sealed class GoldenStatisticsTests
{
    [Theory]
    [InlineData(GoldenSet.OwnDemo)]
    [PublishedDemoData]
    public void The_recorded_folder_gives_the_recorded_statistics_and_report(GoldenSet set)
    {
        var statistics = CoreAnalyzer.AnalyzeFolder(set.Recording("evaluated"), [], TestContext.Current.CancellationToken);
        Assert.Equal(File.ReadAllText(set.Recording("evaluation_report.txt")), CoreReport.Render(statistics));

        using var stream = new MemoryStream();
        CoreStatisticsJson.Write(stream, statistics with { FolderPath = "evaluated" }, DateTimeOffset.UnixEpoch);
        var lines = Encoding.UTF8.GetString(stream.ToArray()).Split('\n');
        Assert.Equal("  \"generated_at\": \"1970-01-01T00:00:00.000000\",", lines[1]);
        Assert.Equal(File.ReadAllText(set.Recording("statistics.json")), string.Join('\n', lines.Where((_, index) => index != 1)));
    }

    // The summary is computed from the cases: nothing of the recorded one is carried over. The order of equally frequent groups is not
    // defined.
    [Theory]
    [InlineData(GoldenSet.OwnDemo, "mock-a")]
    [InlineData(GoldenSet.OwnDemo, "mock-b")]
    [InlineData(GoldenSet.OwnDemo, "mock-c")]
    [PublishedDemoData("mock-a")]
    public void The_cases_of_a_v1_file_give_its_summary_and_the_file_is_written_as_it_was(GoldenSet set, string model)
    {
        using var folder = new TemporaryFolder();
        var path = set.Recording($"results-v1-{model}.json");
        V1ResultsFile.Write(folder["copy.json"], V1ResultsFile.Read(path));
        var (recorded, copy) = (JsonNode.Parse(File.ReadAllText(path))!.AsObject(),
            JsonNode.Parse(File.ReadAllText(folder["copy.json"]))!.AsObject());
        Assert.Equal(recorded.Select(p => p.Key), copy.Select(p => p.Key));
        Assert.Equal(recorded["cases"]!.ToJsonString(), copy["cases"]!.ToJsonString());
        Assert.True(JsonNode.DeepEquals(recorded["summary"], copy["summary"]), $"recorded {recorded["summary"]}, here {copy["summary"]}");
        // The recording has no times.
        string[] meta = ["model", "dataset", "image_mode", "api_base", "started_at", "finished_at", "liveclin_version"];
        Assert.Equal(meta, copy["meta"]!.AsObject().Select(p => p.Key));
    }
}
