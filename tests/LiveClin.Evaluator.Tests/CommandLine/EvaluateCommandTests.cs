using System.Diagnostics;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Tests.Runs;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.CommandLine;

public abstract class EvaluateCommandTests(StoreKind kind) : StoreCommands(kind)
{
    private static string DemoPath => EvaluatorHarness.Demo.JsonlPath!;

    [Fact]
    public async Task Console_store_v1_file_and_coreFolder_tell_the_same()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "The answer is \\boxed{C}.");
        var result = await EvaluateAsync(server, "--output", Folder["v1.json"], "--export-folder", Folder["core"]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("Question Accuracy:  8/80 (10.0%)", result.Output, StringComparison.Ordinal);
        Assert.Contains("Case Accuracy:      0/16 (0.0%)", result.Output, StringComparison.Ordinal);
        var v1 = V1ResultsFile.Read(Folder["v1.json"]);
        Assert.Equal((80, 8, 16, 0),
            (v1.Summary.Total!.Questions, v1.Summary.Total.CorrectQuestions, v1.Summary.Total.Cases, v1.Summary.Total.CorrectCases));
        var cases = CoreFolder.ReadCases(Folder["core"], TestContext.Current.CancellationToken).ToList();
        Assert.Equal(16, cases.Count);
        var shown = await CommandRunner.RunAsync("runs", "list", "--store", Store);
        Assert.Contains("8/80 (10.00%)", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Questions_without_a_reply_give_exit_code_1_and_are_asked_again()
    {
        var failing = true;
        await using var server = await FakeModelServer.StartAsync((call, context) => Volatile.Read(ref failing) && call.Number % 10 == 0
            ? FakeModelServer.WriteAsync(context, 400, "no")
            : FakeModelServer.ReplyAsync(context, "\\boxed{C}"));
        var first = await EvaluateAsync(server);
        Assert.Equal(1, first.ExitCode);
        Assert.Contains("have no reply", first.Error, StringComparison.Ordinal);
        Volatile.Write(ref failing, false);
        var second = await EvaluateAsync(server);
        Assert.Equal((0, ""), (second.ExitCode, second.Error));
        Assert.Contains("8/80", second.Output, StringComparison.Ordinal);
        var third = await EvaluateAsync(server, "--resume");
        Assert.Equal((0, ""), (third.ExitCode, third.Error));
        Assert.Contains("is complete already", third.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Epochs_are_summed_up_and_files_hold_one()
    {
        await using var server = await FakeModelServer.StartAsync(call => call.Number < 80 ? "\\boxed{C}" : "\\boxed{A}");
        Assert.Equal(0, (await EvaluateAsync(server, "--concurrency", "1")).ExitCode);
        var result = await EvaluateAsync(server, "--concurrency", "1", "--epochs", "2", "--output", Folder["v1.json"]);
        Assert.Equal((0, "", 160), (result.ExitCode, result.Error, server.Calls.Count));
        Assert.Contains("80 of 160 questions are answered already", result.Output, StringComparison.Ordinal);
        Assert.Contains("Question Accuracy:  8/80 (10.0%)", result.Output, StringComparison.Ordinal);
        Assert.Contains("16/160 (10.00%)", result.Output, StringComparison.Ordinal);
        Assert.Equal("C", V1ResultsFile.Read(Folder["v1.json"]).Cases[0].Mcqs[0].ExtractedAnswer);
        var run = result.Output.Split(' ')[2].TrimEnd(':');
        Assert.Equal(0, (await CommandRunner.RunAsync("export", "--run", run, "--format", "v1", "--epoch", "2", "--output",
            Folder["2.json"], "--store", Store)).ExitCode);
        Assert.Equal("A", V1ResultsFile.Read(Folder["2.json"]).Cases[0].Mcqs[0].ExtractedAnswer);
        var none = await CommandRunner.RunAsync("export", "--run", run, "--format", "v1", "--epoch", "3", "--output", Folder["3.json"],
            "--store", Store);
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("has no epoch 3; it has epochs 1 to 2", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_said_before_any_question_and_never_stored()
    {
        const string key = "sk-very-secret-0815";
        await using var server = await FakeModelServer.StartAsync((_, context) =>
            FakeModelServer.WriteAsync(context, 401, "{\"error\":\"Unauthorized: " + key + "\"}"));
        var result = await EvaluateAsync(server, "--api-key", key);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("refuses the API key", result.Error, StringComparison.Ordinal);
        Assert.Contains("LIVECLIN_API_KEY", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(key, result.Output + result.Error, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Folder.FullName))
            Assert.DoesNotContain(key, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_credit_nothing_is_wrong_and_the_exit_code_says_so()
    {
        await using var server = await FakeModelServer.StartAsync((_, context) => FakeModelServer.WriteAsync(context, 402, "{}"));
        var result = await EvaluateAsync(server);
        Assert.Contains("The same command goes on when it has", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task A_key_that_is_none_is_refused_with_its_source_and_without_its_text()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var result = await EvaluateAsync(server, "--api-key", "sk-1\nX-Header: 1");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--api-key: a key must be printable ASCII", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Header", result.Output + result.Error, StringComparison.Ordinal);
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_the_sampling_is_said_at_once()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var result = await EvaluateAsync(server, "--temperature", "3", "--top-p", "0", "--max-tokens", "0", "--extra-body", "[1]");
        Assert.Equal(2, result.ExitCode);
        Assert.Equal(
            ["--temperature: must be 0 to 2.", "--top-p: must be above 0 and at most 1.", "--max-tokens: must be at least 1."],
            result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[..3]);
        Assert.Contains("--extra-body: The extra body must be a JSON object", result.Error, StringComparison.Ordinal);
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task A_model_that_the_server_does_not_list_is_warned_about()
    {
        await using var server = await FakeModelServer.StartAsync((_, context) => FakeModelServer.ReplyAsync(context, "\\boxed{A}"),
            "other-model");
        var result = await EvaluateAsync(server);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("does not list the model 'fake'; it has other-model", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--api-base: 'ftp://x' is not", "--api-base", "ftp://x")]
    [InlineData("There is no release 'no-such-release'", "--dataset", "no-such-release")]
    [InlineData("The extra body must be a JSON object", "--extra-body", "[1]")]
    [InlineData("must not set 'messages'", "--extra-body", "{\"messages\":[]}")]
    [InlineData("'max' not recognized", "--params", "max")]
    [InlineData("--concurrency must be at least 1", "--concurrency", "0")]
    [InlineData("--no-such-switch", "--no-such-switch", "1")]
    public async Task What_is_wrong_is_said_with_exit_code_2(string message, string option, string value)
    {
        string[] args = option == "--api-base"
            ? ["--jsonl-path", DemoPath, option, value] : ["--api-base", "http://127.0.0.1:9/v1", option, value];
        var result = await CommandRunner.RunAsync(["evaluate", "--model", "fake", "--store", Store, .. args]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_line_is_named_with_its_number_and_nothing_is_asked()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var lines = await File.ReadAllLinesAsync(DemoPath, TestContext.Current.CancellationToken);
        lines[6] = lines[6][..100];
        var path = Folder["broken.jsonl"];
        await File.WriteAllLinesAsync(path, lines, TestContext.Current.CancellationToken);
        var result = await CommandRunner.RunAsync("evaluate", "--model", "fake", "--api-base", server.BaseUrl.ToString(), "--jsonl-path",
            path, "--image-root", Path.Combine(Path.GetDirectoryName(DemoPath)!, "images"), "--store", Store);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("broken.jsonl:7:", result.Error, StringComparison.Ordinal);
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task An_interrupt_waits_for_replies_under_way_and_a_proxy_in_the_environment_is_bypassed()
    {
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await FakeModelServer.StartAsync(async (call, context) =>
        {
            if (call.Number >= 4) waiting.TrySetResult();
            if (call.Number >= 4) await release.Task;
            await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
        });
        var start = Interruptible.Start("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "LiveClin.Evaluator.dll"), .. Arguments(server), "--concurrency", "1", "--verbose"]);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        start.Environment["HTTP_PROXY"] = start.Environment["http_proxy"] = "http://127.0.0.1:9";
        start.Environment["NO_PROXY"] = start.Environment["no_proxy"] = "";
        using var evaluator = Process.Start(start)!;
        var output = evaluator.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await waiting.Task.WaitAsync(TestContext.Current.CancellationToken);
        using (var kill = Process.Start("kill",
            ["-INT", evaluator.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(
                TestContext.Current.CancellationToken);
        // The stop is announced before the reply comes.
        while (await evaluator.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line
            && !line.Contains("Stopping", StringComparison.Ordinal)) { }
        release.SetResult();
        await evaluator.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, evaluator.ExitCode);
        Assert.Equal(5, (await output).Split('\n').Count(line => line.EndsWith(" A", StringComparison.Ordinal)));
        Assert.Equal(5, server.Calls.Count);
        Assert.Contains("Partial: 5 of ", await output, StringComparison.Ordinal);
    }

    private string[] Arguments(FakeModelServer server) =>
        ["evaluate", "--model", "fake", "--api-base", server.BaseUrl.ToString(), "--image-mode", "local", "--jsonl-path", DemoPath,
            "--store", Store];

    private protected Task<CommandResult> EvaluateAsync(FakeModelServer server, params string[] more) =>
        CommandRunner.RunAsync([.. Arguments(server), .. more]);
}

/// <summary>On a file.</summary>
public sealed class EvaluateCommandOnFileTests() : EvaluateCommandTests(StoreKind.Sqlite)
{
    [Fact]
    public async Task A_locked_store_is_said_with_exit_code_2()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        await using var other = Place.Open();
        var result = await EvaluateAsync(server);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("locked by another process", result.Error, StringComparison.Ordinal);
    }
}

/// <summary>In a database.</summary>
public sealed class EvaluateCommandInDatabaseTests() : EvaluateCommandTests(StoreKind.Postgres);
