using System.Text.Json.Nodes;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Tests.Baselines;
using LiveClin.Testing;
using static LiveClin.Testing.SampleRuns;
using Outcome = LiveClin.Core.Answers.Outcome;

namespace LiveClin.Evaluator.Tests.CommandLine;

/// <summary><c>export</c> and <c>import</c>: published formats out and in again, with equal numbers.</summary>
public abstract class ExchangeCommandTests(StoreKind kind, RunningBaselines baselines) : StoreCommands(kind),
IClassFixture<RunningBaselines>
{
    [Fact]
    public async Task A_published_coreFolder_gives_one_run_per_model()
    {
        var result = await RunAsync("import", Recorded("evaluated"), "--store", Store);
        Assert.Equal(0, result.ExitCode);
        string[] expected = ["mock-a  questions 5/80 (6.25%)  cases 0/16 (0.00%)", "mock-b  questions 8/80 (10.00%)  cases 0/16 (0.00%)",
            "mock-c  questions 8/80 (10.00%)  cases 0/16 (0.00%)"];
        foreach (var line in expected) Assert.Contains(line, result.Output, StringComparison.Ordinal);
        await using var store = Place.OpenReadOnly();
        Assert.All(store.ListRuns(), run => Assert.Equal((Recorded("evaluated"), RunStatus.Completed), (run.Source, run.Status)));
    }

    [Fact]
    public async Task A_published_v1_file_gives_a_run_even_when_its_release_is_unknown()
    {
        var result = await RunAsync("import", Recorded("results-v1-mock-a.json"), "--store", Store);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("mock-a  questions 5/80 (6.25%)  cases 0/16 (0.00%)", result.Output, StringComparison.Ordinal);
        Assert.Contains("--dataset", result.Error, StringComparison.Ordinal);

        var run = Assert.Single(await RunIdsAsync());
        Assert.Equal(0, (await RunAsync("export", "--run", run, "--format", "v1", "--output", Folder["again.json"], "--store", Store))
            .ExitCode);
        var (was, now) = (Read(Recorded("results-v1-mock-a.json")), Read(Folder["again.json"]));
        Assert.True(JsonNode.DeepEquals(was["summary"], now["summary"])); // the order of equally frequent groups is not defined
        Assert.Equal(was["cases"]!.ToJsonString(), now["cases"]!.ToJsonString());
        var core = await RunAsync("export", "--run", run, "--format", "core", "--output", Folder["core"], "--store", Store);
        Assert.Equal(2, core.ExitCode);
        Assert.Contains("--dataset", core.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_v1_file_finds_its_release_when_it_is_named_and_then_has_the_texts()
    {
        var result = await RunAsync("import", Recorded("results-v1-mock-a.json"), "--jsonl-path", GoldenSet.OwnDemo.Jsonl(), "--image-root",
            GoldenSet.OwnDemo.Images(), "--store", Store);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(0, (await RunAsync("export", "--run", (await RunIdsAsync())[0], "--format", "core", "--output", Folder["core"],
            "--store", Store)).ExitCode);
        foreach (var expected in Directory.EnumerateFiles(Recorded("evaluated")))
        {
            var (was, now) = (EntriesOf(Read(expected), "mock-a"),
                EntriesOf(Read(Path.Combine(Folder["core"], Path.GetFileName(expected))), "mock-a"));
            Assert.Equal(was, now);
        }
    }

    [Fact]
    public async Task The_same_results_are_imported_once()
    {
        string[] import = ["import", Recorded("evaluated"), "--store", Store];
        await RunAsync(import);
        var again = await RunAsync(import);
        Assert.Contains("(imported before)", again.Output, StringComparison.Ordinal);
        Assert.Equal(3, (await RunIdsAsync()).Count);
    }

    [Fact]
    public async Task What_is_written_here_is_read_here_with_equal_numbers()
    {
        var demo = Path.Combine(SharedData.RepositoryRoot, "data", "demo", "demo.jsonl");
        foreach (var model in (string[])["baseline/always-A", "baseline/overlap"])
        {
            var evaluated = await RunAsync(
                "evaluate", "--model", model, "--api-base", baselines.ApiBase, "--jsonl-path", demo, "--image-mode", "local", "--store",
                Store,
                "--output", Folder[$"{model[9..]}.json"], "--export-folder", Folder["core"]);
            Assert.Equal(0, evaluated.ExitCode);
        }

        var imported = await RunAsync("import", Folder["core"], Folder["always-A.json"], Folder["overlap.json"], "--dataset", demo,
            "--store", Folder["other.db"]);
        Assert.Equal((0, ""), (imported.ExitCode, imported.Error));
        await using var original = Place.OpenReadOnly();
        await using var copy = ResultStore.OpenReadOnly(Folder["other.db"]);
        foreach (var run in original.ListRuns())
        {
            var copies = copy.ListRuns().Where(other => other.Specification.Model == run.Specification.Model).ToList();
            Assert.NotEmpty(copies);
            Assert.All(copies, other => Assert.Equal(run.Specification.ReleaseSha256, other.Specification.ReleaseSha256));
            foreach (var other in copies) Assert.Equal(Facts(original.GetAnswers(run.Id)), Facts(copy.GetAnswers(other.Id)));
        }
    }

    [Fact]
    public async Task A_core_export_leaves_out_what_was_not_asked_and_marks_what_failed()
    {
        await CreateStoreAsync(Place.Place,
            (Run("run1"), [Answer(0, 0, Outcome.Correct), Answer(0, 1, Outcome.Failed), Answer(0, 2, Outcome.NotRun)]));
        var result = await RunAsync("export", "--run", "run1", "--format", "core", "--output", Folder["core"], "--store", Store);
        Assert.Contains("1 case files; 1 cases without an answer were left out", result.Output, StringComparison.Ordinal);
        var entries = Read(Path.Combine(Folder["core"], "PMC1000.json"))["exam_creation"]!["final_policy"]!["mcqs"]!.AsArray()
            .Select(mcq => mcq!["evaluate"]![0]!).ToList();
        Assert.Equal([true, false, false], entries.Select(entry => (bool)entry["is_correct"]!));
        Assert.Equal((null, "the reason"), ((string?)entries[1]["model_raw_response"], (string?)entries[1]["api_error"]));
    }

    [Fact]
    public async Task Broken_files_are_named_and_keep_nothing_else_out()
    {
        await File.WriteAllTextAsync(Folder["broken.json"], "{\"meta\": {}", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Folder["empty"]);
        var result = await RunAsync("import", Folder["broken.json"], Folder["empty"], Folder["none.json"],
            Recorded("results-v1-mock-a.json"), "--store", Store);
        Assert.Equal(1, result.ExitCode);
        foreach (var name in (string[])["broken.json", "empty", "none.json"])
            Assert.Contains(Folder[name], result.Error, StringComparison.Ordinal);
        Assert.Single(await RunIdsAsync());
    }

    [Fact]
    public async Task Results_that_do_not_fit_the_named_release_are_refused()
    {
        var other = File.ReadAllText(Recorded("results-v1-mock-a.json")).Replace("9000000", "1000000", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Folder["other.json"], other, TestContext.Current.CancellationToken);
        var result = await RunAsync("import", Folder["other.json"], "--jsonl-path", GoldenSet.OwnDemo.Jsonl(), "--store", Store);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("do not fit the release", result.Error, StringComparison.Ordinal);
        Assert.Empty(await RunIdsAsync());
    }

    private static string Recorded(string name) => GoldenSet.OwnDemo.Recording(name);

    private static Task<CommandResult> RunAsync(params string[] args) => CommandRunner.RunAsync(args);

    private async Task<IReadOnlyList<string>> RunIdsAsync()
    {
        await using var store = Place.OpenReadOnly();
        return [.. store.ListRuns().Select(run => run.Id)];
    }

    private static JsonNode Read(string path) => JsonNode.Parse(File.ReadAllText(path))!;

    private static IReadOnlyList<string> EntriesOf(JsonNode file, string model) =>
        [.. file["exam_creation"]!["final_policy"]!["mcqs"]!.AsArray()
            .Select(mcq => mcq!["evaluate"]!.AsArray().Single(entry => (string)entry!["model_id"]! == model)!.ToJsonString())];

    private static IEnumerable<(int, int, Outcome, string?, Core.Answers.ExtractionRule, string?)> Facts(IEnumerable<Answer> answers) =>
        answers.Select(answer => (answer.CaseOrdinal, answer.QuestionIndex, answer.Outcome, answer.Letter, answer.Rule, answer.Reply));
}

/// <summary>On a file.</summary>
public sealed class ExchangeCommandOnFileTests(RunningBaselines baselines) : ExchangeCommandTests(StoreKind.Sqlite, baselines);

/// <summary>In a database.</summary>
public sealed class ExchangeCommandInDatabaseTests(RunningBaselines baselines) : ExchangeCommandTests(StoreKind.Postgres, baselines);
