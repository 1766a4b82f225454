using System.CommandLine;
using LiveClin.Core.Answers;
using LiveClin.ServiceDefaults.Commands;
using LiveClin.Stats.CommandLine;
using LiveClin.Testing;

namespace LiveClin.Stats.Tests.CommandLine;

public sealed class AnalyzeCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("liveclin-").FullName;

    [Fact]
    public async Task A_core_folder_gets_the_published_files_and_copies()
    {
        foreach (var path in Directory.GetFiles(SharedData.Path("golden", "evaluated"))) File.Copy(path, Path.Combine(_folder, Path.GetFileName(path)));
        var (code, output, _) = await Run("analyze", "--folder", _folder);
        var report = File.ReadAllText(SharedData.Path("golden", "evaluation_report.txt"));
        Assert.Equal((0, report + Environment.NewLine), (code, output));
        Assert.Equal(report, File.ReadAllText(Path.Combine(_folder, "0.evaluation_report.txt")));
        Assert.True(File.Exists(Path.Combine(_folder, "0.statistics.json")));
        Assert.Equal(5, Directory.GetFiles(Path.Combine(_folder, "hard")).Length);
        Assert.Contains("PMC11699825.json", Directory.GetFiles(Path.Combine(_folder, "easy")).Select(Path.GetFileName));
        // A second time the files that the first wrote change nothing.
        Assert.Equal(report + Environment.NewLine, (await Run("analyze", "--folder", _folder)).Output);
    }

    [Fact]
    public async Task Another_output_folder_leaves_the_results_alone_and_no_copy_copies_nothing()
    {
        var target = Path.Combine(_folder, "out");
        var (code, output, _) = await Run("analyze", "--folder", SharedData.Path("golden", "evaluated"), "--no-copy", "--output-dir", target, "--ignore-models", "mock-b, mock-c");
        Assert.Equal(0, code);
        Assert.Contains("Ignored models: mock-b, mock-c", output, StringComparison.Ordinal);
        Assert.Equal(["0.evaluation_report.txt", "0.statistics.json"], Directory.GetFileSystemEntries(target).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_broken_file_is_reported_and_the_rest_analyzed()
    {
        File.Copy(SharedData.Path("golden", "evaluated", "PMC11700400.json"), Path.Combine(_folder, "PMC11700400.json"));
        File.WriteAllText(Path.Combine(_folder, "PMC2.json"), "{");
        var (code, output, error) = await Run("analyze", "--folder", _folder);
        Assert.Equal(1, code);
        Assert.Contains("PMC2.json, line 1: it is not valid JSON", error, StringComparison.Ordinal);
        Assert.Contains("Total files analyzed: 1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task V1_files_give_the_published_summary_and_a_table()
    {
        var file = SharedData.Path("golden", "results-v1-mock-a.json");
        var (code, output, _) = await Run("analyze", "--results", file, file);
        Assert.Equal(0, code);
        Assert.Contains("  Question Accuracy:  26/46 (56.5%)\n  Case Accuracy:      1/10 (10.0%)\n", output, StringComparison.Ordinal);
        Assert.Contains("mock-a                                   2025_H1             26/46 (56.5%)         1/10 (10.0%)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_gives_both_published_statistics()
    {
        var path = Path.Combine(_folder, "s.db");
        await SampleRuns.CreateStoreAsync(path, (SampleRuns.Run("1", "m"),
            [.. SampleRuns.Release.Cases.SelectMany(c => c.Questions.Select(q => SampleRuns.Answer(c.Ordinal, q.Index, c.Ordinal == 0 ? Outcome.Correct : Outcome.Wrong)))]));
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

    private static async Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        var configuration = new InvocationConfiguration { Output = new StringWriter(), Error = new StringWriter() };
        var code = await CommandLineProgram.RunAsync(StatsCommandLine.Create(), args, configuration, TestContext.Current.CancellationToken);
        return (code, configuration.Output.ToString()!, configuration.Error.ToString()!);
    }
}
