using LiveClin.Core.Answers;
using LiveClin.Testing;

namespace LiveClin.Stats.Tests.CommandLine;

public sealed class AnalyzeCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("liveclin-").FullName;

    [Fact]
    public async Task Another_output_folder_leaves_the_results_alone_and_no_copy_copies_nothing()
    {
        var target = Path.Combine(_folder, "out");
        var (code, output, _) = await Run("analyze", "--folder", GoldenSet.OwnDemo.Recording("evaluated"), "--no-copy", "--output-dir",
            target, "--ignore-models", "mock-b, mock-c");
        Assert.Equal(0, code);
        Assert.Contains("Ignored models: mock-b, mock-c", output, StringComparison.Ordinal);
        Assert.Equal(["0.evaluation_report.txt", "0.statistics.json"],
            Directory.GetFileSystemEntries(target).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_broken_file_is_reported_and_the_rest_analyzed()
    {
        File.Copy(GoldenSet.OwnDemo.Recording("evaluated", "PMC90000001.json"), Path.Combine(_folder, "PMC90000001.json"));
        File.WriteAllText(Path.Combine(_folder, "PMC2.json"), "{");
        var (code, output, error) = await Run("analyze", "--folder", _folder);
        Assert.Equal(1, code);
        Assert.Contains("PMC2.json, line 1: it is not valid JSON", error, StringComparison.Ordinal);
        Assert.Contains("Total files analyzed: 1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_gives_both_published_statistics()
    {
        var path = Path.Combine(_folder, "s.db");
        await SampleRuns.CreateStoreAsync(path, (SampleRuns.Run("1", "m"),
            [.. SampleRuns.Release.Cases.SelectMany(c =>
                c.Questions.Select(q => SampleRuns.Answer(c.Ordinal, q.Index, c.Ordinal == 0 ? Outcome.Correct : Outcome.Wrong)))]));
        var (code, output, _) = await Run("analyze", "--store", path);
        Assert.Equal(0, code);
        Assert.Contains("  Question Accuracy:  3/5 (60.0%)\n  Case Accuracy:      1/2 (50.0%)\n", output, StringComparison.Ordinal);
        Assert.Contains("m                              50.00%          60.00%", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no store", "analyze", "--store", "/nowhere/at/all.db")]
    [InlineData("no such folder", "analyze", "--folder", "/nowhere/at/all")]
    [InlineData("holds no case files", "analyze", "--folder", "FOLDER")]
    [InlineData("it cannot be read", "analyze", "--results", "/nowhere/at/all.json")]
    public async Task What_is_wrong_is_said_and_the_exit_code_is_2(string message, params string[] args)
    {
        var (code, _, error) = await Run([.. args.Select(a => a == "FOLDER" ? _folder : a)]);
        Assert.Equal(2, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task<StatsResult> Run(params string[] args) => StatsCommands.RunAsync(args);
}
