using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Testing;
using static LiveClin.Testing.SampleRuns;

namespace LiveClin.Evaluator.Tests.CommandLine;

public abstract class RunsCommandTests(StoreKind kind) : StoreCommands(kind)
{
    [Fact]
    public async Task Lists_runs_with_their_scores()
    {
        await CreateAsync();
        var result = await CommandRunner.RunAsync("runs", "list", "--store", Store);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            """
            RUN   MODEL    RELEASE  CONDITION  TARGET  EPOCHS  COVERAGE     QUESTIONS     CASES         STATUS                  FAILURES    STARTED               DURATION  TOKENS    SOURCE  PARAMETERS
            run2  model-b  sample   published  all     1       0/2 partial  -             -             running or interrupted  0           2026-01-02 03:04:05Z  -         -         run     {"n":1}
            run1  model-a  sample   published  all     1       2/2          3/5 (60.00%)  1/2 (50.00%)  ended with failures     1 http_500  2026-01-02 03:04:05Z  0:01:00   500 + 25  run     {"n":1}

            """, result.Output, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task Shows_a_run_by_the_beginning_of_its_id_with_every_denominator()
    {
        await CreateAsync();
        var result = await CommandRunner.RunAsync("runs", "show", "run1", "--store", Store);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("model        model-a", result.Output, StringComparison.Ordinal);
        Assert.Contains("questions    3/5 (60.00%)         failures count as wrong (v1)", result.Output, StringComparison.Ordinal);
        Assert.Contains("             2/2 (100.00%)        without cases that have a failure (core)", result.Output,
            StringComparison.Ordinal);
        Assert.Contains("             3/3 (100.00%)        of the questions answered", result.Output, StringComparison.Ordinal);
        Assert.Contains("failed       1", result.Output, StringComparison.Ordinal);
        Assert.Contains("not run      1", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_are_told_apart_by_what_differs()
    {
        var hot = Run("hot", "gpt-x") with { Specification = Run("hot", "gpt-x").Specification with { ParametersJson = """{"n":1,"temperature":0.7}""" } };
        var cold = hot with { Id = "cold", Specification = hot.Specification with { ParametersJson = """{"temperature":0.0,"n":1}""" } };
        var blind = hot with { Id = "blind", Specification = hot.Specification with { Condition = "no-images" } };
        await CreateStoreAsync(Place.Place, (hot, []), (cold, []), (cold with { Id = "cold-again" }, []), (blind, []),
            (Run("alone", "gpt-y"), []));
        var result = await CommandRunner.RunAsync("runs", "list", "--store", Store);
        Assert.Equal(
            ["gpt-y", "gpt-x · no images · T 0.7", "gpt-x · T 0", "gpt-x · T 0", "gpt-x · T 0.7"],
            result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
                .Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries)[1].Trim()));
    }

    [Fact]
    public async Task Runs_are_chosen_hidden_and_tagged()
    {
        await CreateAsync();
        Assert.Equal("Run run1 now stands for its model and setting.\n", (await ChangeAsync("use", "run1")).Output);
        Assert.Equal("Run run1: paper, v2\n", (await ChangeAsync("tag", "run1", "paper", "v2")).Output);
        Assert.Equal("Run run2 is hidden.\n", (await ChangeAsync("hide", "run2")).Output);
        var listed = (await CommandRunner.RunAsync("runs", "list", "--store", Store)).Output;
        Assert.Contains("model-a [chosen, paper, v2]", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("model-b", listed, StringComparison.Ordinal);
        Assert.Contains("1 more, hidden or superseded", listed, StringComparison.Ordinal);

        Assert.Equal("Run run1: v2\n", (await ChangeAsync("tag", "run1", "paper", "--remove")).Output);
        Assert.Equal(0, (await ChangeAsync("use", "run1", "--undo")).ExitCode);
        Assert.Equal(0, (await ChangeAsync("hide", "run2", "--undo")).ExitCode);
        listed = (await CommandRunner.RunAsync("runs", "list", "--store", Store)).Output;
        Assert.Contains("model-a [v2]", listed, StringComparison.Ordinal);
        Assert.Contains("model-b  ", listed, StringComparison.Ordinal);
        Assert.Equal(2, (await ChangeAsync("tag", "run1", "a\nb")).ExitCode);
    }

    [Fact]
    public async Task A_name_stands_for_what_differs_and_for_every_run_that_asks_the_same()
    {
        var hot = Run("hot", "gpt-x") with { Specification = Run("hot", "gpt-x").Specification with { ParametersJson = """{"temperature":0.7}""" } };
        var blind = hot with { Id = "blind", Specification = hot.Specification with { Condition = "no-images" } };
        await CreateStoreAsync(Place.Place, (hot, []), (Run("cold", "gpt-x"), []), (hot with { Id = "hot-again" }, []), (blind, []));
        Assert.Equal("Run hot-again is called as in the paper now.\n", (await ChangeAsync("name", "hot-again", "as in the paper")).Output);
        Assert.Equal(0, (await ChangeAsync("name", "blind", "as in the paper")).ExitCode);
        Assert.Equal(["gpt-x · as in the paper · no images", "gpt-x · as in the paper", "gpt-x · n 1 · T default",
            "gpt-x · as in the paper"], await LabelsAsync());
        // Two settings of one name are still two.
        Assert.Equal(0, (await ChangeAsync("name", "cold", "as in the paper")).ExitCode);
        Assert.Equal(3, (await LabelsAsync()).Distinct().Count());
        Assert.Equal(0, (await ChangeAsync("name", "cold", "--remove")).ExitCode);
        Assert.Equal(0, (await ChangeAsync("name", "hot", "--remove")).ExitCode);
        Assert.Equal("gpt-x · T 0.7", (await LabelsAsync())[1]);
        foreach (var wrong in (string[][])[["hot"], ["hot", "x", "--remove"], ["hot", "a\nb"], ["hot", "a\u202eb"],
            ["hot", new string('x', 81)]])
            Assert.Equal(2, (await ChangeAsync("name", wrong[0], wrong[1..])).ExitCode);
    }

    private async Task<List<string>> LabelsAsync() => [.. (await CommandRunner.RunAsync("runs", "list", "--store", Store)).Output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries)[1].Trim())];

    [Fact]
    public async Task A_run_is_deleted_only_when_that_is_confirmed()
    {
        await CreateAsync();
        var before = Console.In;
        try
        {
            Console.SetIn(new StringReader("no\n"));
            var kept = await ChangeAsync("delete", "run1");
            Assert.Equal(2, kept.ExitCode);
            Assert.Contains("3 replies", kept.Output, StringComparison.Ordinal);
            Console.SetIn(new StringReader("")); // nobody there to ask
            Assert.Equal(2, (await ChangeAsync("delete", "run1")).ExitCode);
            Console.SetIn(new StringReader("yes\n"));
            Assert.Equal(0, (await ChangeAsync("delete", "run1")).ExitCode);
        }
        finally
        {
            Console.SetIn(before);
        }

        Assert.Equal(0, (await ChangeAsync("delete", "run2", "--yes")).ExitCode);
        await using var store = Place.OpenReadOnly();
        Assert.Empty(store.ListRuns());
        Assert.Empty(store.GetAnswers("run1"));
    }

    private Task<CommandResult> ChangeAsync(string command, string id, params string[] more) =>
        CommandRunner.RunAsync(["runs", command, id, .. more, "--store", Store]);

    [Theory]
    [InlineData("runs", "show", "nothing")]
    [InlineData("runs", "show", "run")]
    public async Task Says_what_is_wrong_with_an_id(params string[] args)
    {
        await CreateAsync();
        var result = await CommandRunner.RunAsync([.. args, "--store", Store]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains($"'{args[^1]}'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_there_is_no_store_and_creates_none()
    {
        var result = await CommandRunner.RunAsync("runs", "list", "--store", Store);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(Store, result.Error, StringComparison.Ordinal);
        Assert.True(IsAbsent());
    }

    [Fact]
    public async Task Lets_no_control_character_through()
    {
        await CreateStoreAsync(Place.Place, (Run("r", model: "\u001b[2Jevil"), []));
        foreach (var args in (string[][])[["runs", "list"], ["runs", "show", "r"]])
            Assert.DoesNotContain('\u001b', (await CommandRunner.RunAsync([.. args, "--store", Store])).Output);
    }

    private Task CreateAsync() => CreateStoreAsync(
        Place.Place,
        (Run("run1", "model-a", RunStatus.EndedWithFailures), [
            Answer(0, 0, Outcome.Correct), Answer(0, 1, Outcome.Failed), Answer(0, 2, Outcome.NotRun),
            Answer(1, 0, Outcome.Correct), Answer(1, 1, Outcome.Correct)]),
        (Run("run2", "model-b", RunStatus.Running), []));
}

/// <summary>On a file.</summary>
[Collection(ProcessWide.Name)]
public sealed class RunsCommandOnFileTests() : RunsCommandTests(StoreKind.Sqlite);

/// <summary>In a database.</summary>
[Collection(ProcessWide.Name)]
public sealed class RunsCommandInDatabaseTests() : RunsCommandTests(StoreKind.Postgres)
{
    [Fact]
    public async Task What_somebody_begins_to_work_on_before_it_is_confirmed_is_not_deleted()
    {
        await CreateStoreAsync(Place.Place, (Run("run1", "model-a", RunStatus.Cancelled), []));
        await using var evaluator = Place.Open();
        var before = Console.In;
        try
        {
            Console.SetIn(new Answering(() => evaluator.EnterRunAsync("run1", TestContext.Current.CancellationToken)));
            var kept = await CommandRunner.RunAsync("runs", "delete", "run1", "--store", Store);
            Assert.Equal(2, kept.ExitCode);
            Assert.Contains("is worked on by", kept.Error, StringComparison.Ordinal);
        }
        finally
        {
            Console.SetIn(before);
        }

        Assert.Single(evaluator.ListRuns());
    }

    // Says yes after something has happened.
    private sealed class Answering(Func<Task> happens) : TextReader
    {
        public override string? ReadLine()
        {
            happens().GetAwaiter().GetResult();
            return "yes";
        }
    }
}
