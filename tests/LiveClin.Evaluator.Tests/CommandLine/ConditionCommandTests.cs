using LiveClin.Core.Formats;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Tests.Runs;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.CommandLine;

/// <summary>Conditions, samples and estimates on the command line.</summary>
public sealed class ConditionCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_condition_is_a_run_of_its_own_and_its_files_fit_the_releases_key()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var published = await EvaluateAsync(server);
        var shuffled = await EvaluateAsync(server, "--condition", "shuffled", "--output", _folder["v1.json"]);
        Assert.Equal((0, "", 0, ""), (published.ExitCode, published.Error, shuffled.ExitCode, shuffled.Error));
        Assert.Contains("m under shuffled:1 on demo", shuffled.Output, StringComparison.Ordinal);
        Assert.Equal("m · shuffled:1", V1ResultsFile.Read(_folder["v1.json"]).Meta.Model);
        Assert.Contains("Estimate: 80 requests, about ", shuffled.Output, StringComparison.Ordinal);
        Assert.Equal(160, server.Calls.Count);

        var cases = (await EvaluatorHarness.ReadDemoAsync()).Cases.ToDictionary(clinicalCase => clinicalCase.Id);
        var mcqs = V1ResultsFile.Read(_folder["v1.json"])
            .Cases.SelectMany(each => each.Mcqs.Select(mcq => (Case: cases[each.CaseId], Mcq: mcq))).ToList();
        Assert.All(mcqs, each => Assert.Equal(each.Case.Questions[each.Mcq.Index].Key == each.Mcq.ExtractedAnswer, each.Mcq.IsCorrect));
        Assert.InRange(mcqs.Select(each => each.Mcq.ExtractedAnswer).Distinct().Count(), 5, 10); // always the first one shown

        var list = await CommandRunner.RunAsync("runs", "list", "--store", _folder["store.db"]);
        Assert.Contains("m · shuffled:1 ", list.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await EvaluateAsync(server, "--condition", "shuffled:1")).ExitCode);
        Assert.Equal(160, server.Calls.Count);
    }

    [Fact]
    public async Task The_standard_controls_are_nine_runs_with_a_line_each_and_files_of_the_published_one()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var result = await EvaluateAsync(server, "--controls", "standard", "--limit", "3", "--output", _folder["v1.json"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("Estimate of all 9 conditions: ", result.Output, StringComparison.Ordinal);
        var table = result.Output.Split('\n').SkipWhile(line => !line.StartsWith("CONDITION", StringComparison.Ordinal)).Skip(1)
            .Where(line => line.Length > 0);
        Assert.Equal(
            ["published", "gold-history", "single-turn", "shuffled:1", "shuffled:2", "no-images", "images-missing", "no-case",
                "choices-only"],
            table.Select(line => line.Split(' ')[0]));
        var written = V1ResultsFile.Read(_folder["v1.json"]).Cases;
        Assert.Equal(3, written.Length);
        Assert.All(written.SelectMany(each => each.Mcqs), mcq => Assert.Equal("A", mcq.ExtractedAnswer));
        await using var store = ResultStore.OpenReadOnly(_folder["store.db"]);
        Assert.Equal(9, store.ListRuns().Count);
        var calls = server.Calls.Count;
        Assert.Equal(0, (await EvaluateAsync(server, "--controls", "standard", "--limit", "3")).ExitCode);
        Assert.Equal(calls, server.Calls.Count);
    }

    [Fact]
    public async Task Images_without_a_size_are_named_before_anything_is_asked()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var demo = Path.GetDirectoryName(EvaluatorHarness.Demo.JsonlPath!)!;
        foreach (var file in Directory.EnumerateFiles(demo, "*", SearchOption.AllDirectories))
        {
            var copy = _folder[Path.Combine("demo", Path.GetRelativePath(demo, file))];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await File.WriteAllTextAsync(Directory.GetFiles(_folder["demo"], "ecg-flutter.png", SearchOption.AllDirectories).Single(),
            "no image", TestContext.Current.CancellationToken);
        string[] source = ["--jsonl-path", _folder["demo/demo.jsonl"], "--image-root", _folder["demo/images"]];
        var result = await CommandRunner.RunAsync(
            ["evaluate", "--model", "m", "--api-base", server.BaseUrl.ToString(), "--image-mode", "local", "--store", _folder["blank.db"],
                "--condition", "blank-images", .. source]);
        Assert.Equal((2, 0), (result.ExitCode, server.Calls.Count));
        Assert.Contains("1 image cannot be replaced by a grey one", result.Error, StringComparison.Ordinal);
        Assert.Contains("ecg-flutter.png", result.Error, StringComparison.Ordinal);
        var both = await CommandRunner.RunAsync(
            ["evaluate", "--model", "m", "--api-base", server.BaseUrl.ToString(), "--image-mode", "local", "--store", _folder["both.db"],
                "--controls", "published,blank-images", .. source]);
        Assert.Equal((2, 0), (both.ExitCode, server.Calls.Count));
        Assert.Contains("ecg-flutter.png", both.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task None_of_the_above_is_marked_as_unreviewed()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        const string Mark = "none-of-the-above counts all questions here, unreviewed ones too";
        Assert.Contains(Mark, (await EvaluateAsync(server, "--condition", "none-of-the-above", "--limit", "1")).Output,
            StringComparison.Ordinal);
        Assert.DoesNotContain(Mark, (await EvaluateAsync(server, "--condition", "no-case", "--limit", "1")).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_condition_that_changes_nothing_says_so_and_asks_nothing()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var result = await EvaluateAsync(server, "--condition", "rotated:0");
        Assert.Equal((0, "", 0), (result.ExitCode, result.Error, server.Calls.Count));
        Assert.Contains("Condition rotated:0 changes no request of all cases: there is nothing to ask.", result.Output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no condition 'noimages'", "--condition", "noimages")]
    [InlineData("cannot be joined", "--condition", "no-images+blank-images")]
    [InlineData("--controls standard takes the set", "--condition", "standard")]
    [InlineData("exclude each other", "--condition", "no-images", "--controls", "standard")]
    [InlineData("exclude each other", "--sample", "3", "--limit", "3")]
    [InlineData("it needs --image-mode local", "--condition", "blank-images", "--image-mode", "url")]
    [InlineData("it needs --image-mode local", "--controls", "no-images,swapped-images", "--image-mode", "url")]
    [InlineData("Add 'published' to --controls", "--controls", "no-images,no-case", "--output", "x.json")]
    [InlineData("--sample must be at least 1", "--sample", "0")]
    public async Task What_cannot_be_asked_is_refused_before_anything_is(string message, params string[] arguments)
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var result = await EvaluateAsync(server, arguments);
        Assert.Equal((2, 0), (result.ExitCode, server.Calls.Count));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Samples_nest_and_a_sampled_run_is_partial()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        Assert.Equal(0, (await EvaluateAsync(server, "--sample", "4")).ExitCode);
        var small = server.Calls.Select(call => call.Messages[0].GetRawText()).Distinct().ToList();
        var calls = server.Calls.Count;
        Assert.Equal(0, (await EvaluateAsync(server, "--sample", "7")).ExitCode);
        Assert.Equal((4, 3),
            (small.Count, server.Calls.Skip(calls).Select(call => call.Messages[0].GetRawText()).Distinct().Except(small).Count()));
        var list = await CommandRunner.RunAsync("runs", "list", "--store", _folder["store.db"]);
        Assert.Contains("sample:7", list.Output, StringComparison.Ordinal);
        Assert.Contains("7/16 partial", list.Output, StringComparison.Ordinal);
        // The whole release goes on from the sample: it is a target and no other run.
        Assert.Equal(0, (await EvaluateAsync(server)).ExitCode);
        Assert.Equal(80, server.Calls.Count);
    }

    [Fact]
    public async Task An_estimate_asks_nothing_and_counts_what_is_left()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        string[] model = ["--model", "m", "--jsonl-path", EvaluatorHarness.Demo.JsonlPath!, "--store", _folder["store.db"]];
        var before = await CommandRunner.RunAsync(["estimate", .. model, "--controls", "standard"]);
        Assert.Equal((0, "", false), (before.ExitCode, before.Error, File.Exists(_folder["store.db"])));
        Assert.Contains("Replies of 300 tokens each", before.Output, StringComparison.Ordinal);
        Assert.Matches("published +16 +80 +80 ", before.Output);
        Assert.Matches("\ntotal ", before.Output);
        await EvaluateAsync(server, "--limit", "15");
        var calls = server.Calls.Count;
        var after = await CommandRunner.RunAsync(["estimate", .. model]);
        Assert.Matches($"published +16 +80 +{80 - calls} ", after.Output);
        Assert.Contains("7 tokens on average", after.Output, StringComparison.Ordinal);
        Assert.Equal(calls, server.Calls.Count);
    }

    private Task<CommandResult> EvaluateAsync(FakeModelServer server, params string[] arguments) => CommandRunner.RunAsync(
    [
        "evaluate", "--model", "m", "--api-base", server.BaseUrl.ToString(), "--params", "plain", "--jsonl-path",
        EvaluatorHarness.Demo.JsonlPath!,
        "--store", _folder["store.db"], .. arguments,
    ]);
}
