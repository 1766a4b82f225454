using System.Text.Json.Nodes;
using LiveClin.Testing;

namespace LiveClin.Stats.Tests.CommandLine;

/// <summary><c>analyze</c> over the recorded files, against what the published tools wrote about them.</summary>
public sealed class GoldenAnalyzeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(GoldenSet.OwnDemo)]
    [PublishedDemoData]
    public async Task A_core_folder_gets_the_published_files_and_copies(GoldenSet set)
    {
        foreach (var path in Directory.GetFiles(set.Recording("evaluated"))) File.Copy(path, _folder[Path.GetFileName(path)]);
        var report = File.ReadAllText(set.Recording("evaluation_report.txt"));
        var (code, output, _) = await StatsCommands.RunAsync("analyze", "--folder", _folder.FullName);
        Assert.Equal((0, report + Environment.NewLine), (code, output));
        Assert.Equal(report, File.ReadAllText(_folder["0.evaluation_report.txt"]));

        var (was, now) = (Read(set.Recording("statistics.json")), Read(_folder["0.statistics.json"]));
        Assert.Equal(FileNames(was, "hardest_cases"),
            Directory.GetFiles(_folder["hard"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(FileNames(was, "easiest_cases"),
            Directory.GetFiles(_folder["easy"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var part in was.Select(property => property.Key).Where(key => key != "folder_path"))
            Assert.Equal(was[part]?.ToJsonString(), now[part]?.ToJsonString());
        // A second time the files that the first wrote change nothing.
        Assert.Equal(report + Environment.NewLine, (await StatsCommands.RunAsync("analyze", "--folder", _folder.FullName)).Output);
    }

    [Theory]
    [InlineData(GoldenSet.OwnDemo, "mock-a", "5/80 (6.2%)", "0/16 (0.0%)")]
    [InlineData(GoldenSet.OwnDemo, "mock-b", "8/80 (10.0%)", "0/16 (0.0%)")]
    [InlineData(GoldenSet.OwnDemo, "mock-c", "8/80 (10.0%)", "0/16 (0.0%)")]
    [PublishedDemoData("mock-a", "26/46 (56.5%)", "1/10 (10.0%)")]
    public async Task A_v1_file_gives_the_published_summary_and_two_of_them_a_table(GoldenSet set, string model, string questions,
        string cases)
    {
        var file = set.Recording($"results-v1-{model}.json");
        var (code, output, _) = await StatsCommands.RunAsync("analyze", "--results", file, file);
        Assert.Equal(0, code);
        Assert.Contains($"  Question Accuracy:  {questions}\n  Case Accuracy:      {cases}\n", output, StringComparison.Ordinal);
        Assert.Contains($"{model,-40} {"2025_H1",-12} {questions,20} {cases,20}", output, StringComparison.Ordinal);
    }

    private static JsonObject Read(string path) => JsonNode.Parse(File.ReadAllText(path))!.AsObject();

    private static IEnumerable<string> FileNames(JsonObject statistics, string part) =>
        statistics[part]!.AsArray().Select(@case => (string)@case!["filename"]!).Order(StringComparer.Ordinal);
}
