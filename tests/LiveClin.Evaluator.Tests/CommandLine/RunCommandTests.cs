using System.Diagnostics;
using LiveClin.Core.Results;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.CommandLine;

/// <summary>
/// The command that pages give for a condition which was not run: typed into a shell, it asks in the setting of the published run.
/// </summary>
public sealed class RunCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static readonly string[][] Settings =
    [
        ["--model", "m", "--limit", "2"],
        ["--model", "gpt-5", "--limit", "2"], // temperature 1, and no limit of tokens
        ["--model", "o3", "--limit", "2"], // max_completion_tokens alone
        ["--model", "qwen-vl", "--name", "it's \"mine\" $HOME; rm", "--sample", "3", "--seed", "7"],
        ["--model", "m", "--params", "plain", "--temperature", "0.35", "--top-p", "0.9", "--max-tokens", "77", "--limit", "1"],
        ["--model", "m", "--extra-body", "{\"top_k\": 20, \"temperature\": null, \"stop\": [\"a'b\", \"$(x)\"], \"n\": 1.0}", "--limit",
            "1", "--allow-missing-images"],
        ["--model", "gpt-4.1", "--extra-body", "{\"temperature\": 2.5, \"max_tokens\": null}", "--limit", "1"],
    ];

    public static TheoryData<int> Numbers() => new(Enumerable.Range(0, Settings.Length));

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task It_finds_the_published_runs_setting_and_target_again(int number)
    {
        var given = Settings[number];
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var release = Path.Combine(SharedData.RepositoryRoot, "data", "demo", "demo.jsonl");
        var first = await CommandRunner.RunAsync(
            ["evaluate", "--api-base", server.BaseUrl.ToString(), "--jsonl-path", release, "--store", _folder["a store.db"], .. given]);
        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        RunCommand command;
        await using (var store = ResultStore.OpenReadOnly(_folder["a store.db"]))
            command = new RunCommand(store.ListRuns().Single(), release, Path.GetDirectoryName(release), store.Path);

        var text = command.Text(["no-case"])!;
        const string Program = "dotnet run --project LiveClin.Evaluator -- ";
        Assert.StartsWith(Program + "evaluate --model", text, StringComparison.Ordinal);
        var second = await CommandRunner.RunAsync(await WordsOfShellAsync(text[Program.Length..]));
        Assert.Equal((0, ""), (second.ExitCode, second.Error));
        await using var both = ResultStore.OpenReadOnly(_folder["a store.db"]);
        var (asked, published) = (both.ListRuns().Single(run => run.Specification.Condition == "no-case"),
            both.ListRuns().Single(run => run.Specification.Condition == "published"));
        Assert.Equal((published.Specification.Identity, published.Target), (asked.Specification.SettingIdentity, asked.Target));

        // Everything at once, and once more: what is there is not asked again.
        var calls = server.Calls.Count;
        Assert.Equal(0, (await CommandRunner.RunAsync(await WordsOfShellAsync(command.Text(["published", "no-case"])![Program.Length..])))
            .ExitCode);
        Assert.Equal(calls, server.Calls.Count);
        Assert.EndsWith($"--epochs 3 --store '{_folder["a store.db"]}'", command.Text(["published"], 3), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_an_import_nobody_knows_how_it_was_asked() =>
        Assert.Null(new RunCommand(SampleRuns.Run("r") with { Source = "results.json" }).Text(["no-case"]));

    [Fact]
    public void Images_by_address_are_asked_for_by_address() => Assert.Contains(
        " --image-mode url ",
        new RunCommand(SampleRuns.Run("r") with { Specification = SampleRuns.Run("r").Specification with { ImageMode = "url" } })
        .Text(["no-case"]), StringComparison.Ordinal);

    [Fact]
    public void A_release_in_a_data_folder_is_named_and_another_one_found_by_its_path()
    {
        var run = SampleRuns.Run("r");
        Assert.Contains("--dataset sample ", new RunCommand(run, "/x/data/sample/sample.jsonl", "/x/data/sample").Text(["no-case"]),
            StringComparison.Ordinal);
        Assert.Contains("--dataset sample ", new RunCommand(run).Text(["no-case"]), StringComparison.Ordinal);
        Assert.Contains(
            "--jsonl-path /y/sample.jsonl --image-root /y/images", new RunCommand(run, "/y/sample.jsonl", "/y/images").Text(["no-case"]),
            StringComparison.Ordinal);
    }

    // A real shell takes the words apart.
    private static async Task<string[]> WordsOfShellAsync(string text)
    {
        using var shell = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", $"printf '%s\\0' {text}"]) { RedirectStandardOutput = true })!;
        var output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output.TrimEnd('\0').Split('\0');
    }
}
