using System.Text.Json.Nodes;
using LiveClin.Evaluator.Tests.Runs;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.CommandLine;

/// <summary>Names in a release that would steer a terminal: no command shows one as it is.</summary>
public sealed class HostileNamesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_release_whose_texts_are_hostile_is_evaluated_and_no_console_gets_them()
    {
        await File.WriteAllLinesAsync(_folder["r.jsonl"], File.ReadLines(EvaluatorHarness.Demo.JsonlPath!).Take(3).Select(Hostile),
            TestContext.Current.CancellationToken);
        await using var server = await FakeModelServer.StartAsync(_ => $"{HostileText.Name} \\boxed{{B}}");
        string[] release = ["--jsonl-path", _folder["r.jsonl"], "--image-root",
            Path.Combine(Path.GetDirectoryName(EvaluatorHarness.Demo.JsonlPath)!, "images")];
        var evaluated = await CommandRunner.RunAsync(
            ["evaluate", "--model", "fake", "--api-base", server.BaseUrl.ToString(), "--store", _folder["s.db"], "--verbose", .. release]);
        Assert.Equal(0, evaluated.ExitCode);
        Assert.Contains("=1+1", evaluated.Output, StringComparison.Ordinal); // the chapter, without what steers
        var run = evaluated.Output.Split(' ')[1].TrimEnd(':');
        foreach (var result in new[]
        {
            evaluated,
            await CommandRunner.RunAsync(["dataset", "verify", .. release]),
            await CommandRunner.RunAsync("runs", "list", "--store", _folder["s.db"]),
            await CommandRunner.RunAsync("runs", "show", run, "--store", _folder["s.db"]),
            await CommandRunner.RunAsync("export", "--run", run, "--format", "csv", "--output", _folder["out.csv"], "--store",
                _folder["s.db"]),
        })
        {
            Assert.Null(HostileText.FindIn(result.Output));
            Assert.Null(HostileText.FindIn(result.Error));
        }

        Assert.Null(HostileText.FindInFiles(_folder.FullName));
    }

    private static string Hostile(string line)
    {
        var release = JsonNode.Parse(line)!;
        foreach (var field in (string[])["title", "Level1", "Level2", "pmc"])
            release[field] = $"{(string?)release[field]}{HostileText.Name}";
        var policy = release["exam_creation"]!["final_policy"]!;
        foreach (var question in policy["mcqs"]!.AsArray()) question!["stage"] = HostileText.Name;
        policy["scenario"] = $"{(string)policy["scenario"]!}{HostileText.Name}";
        return release.ToJsonString();
    }
}
