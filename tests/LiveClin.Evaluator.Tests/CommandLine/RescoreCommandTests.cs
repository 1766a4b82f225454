using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Testing;
using static LiveClin.Testing.SampleRuns;

namespace LiveClin.Evaluator.Tests.CommandLine;

public abstract class RescoreCommandTests(StoreKind kind) : StoreCommands(kind)
{
    [Fact]
    public async Task Finds_nothing_in_a_run_that_was_scored_by_the_rule()
    {
        await CreateStoreAsync(Place.Place,
            (Run("run1"), [Answer(0, 0, Outcome.Correct), Answer(0, 1, Outcome.Wrong), Answer(0, 2, Outcome.Failed),
            Answer(1, 0, Outcome.Unparsed)]));
        var result = await CommandRunner.RunAsync("rescore", "--run", "run1", "--store", Store);
        Assert.Equal((0, "0 of 5 questions change: 1/5 (20.00%) correct as stored, 1/5 (20.00%) now."),
            (result.ExitCode, result.Output.Trim()));
    }

    [Fact]
    public async Task Shows_what_changes_and_stores_it_only_when_asked_to()
    {
        // Stored as by an older rule that took the last boxed letter.
        await CreateStoreAsync(Place.Place,
            (Run("run1"), [Answer(0, 0, Outcome.Wrong, "\\boxed{A} or \\boxed{B}"), Answer(0, 1, Outcome.Correct)]));
        string[] rescore = ["rescore", "--run", "run1", "--store", Store];
        var shown = await CommandRunner.RunAsync(rescore);
        Assert.Contains("1000  1         A    B wrong (boxed)  A correct (boxed)", shown.Output, StringComparison.Ordinal);
        Assert.Contains("1 of 5 questions change: 1/5 (20.00%) correct as stored, 2/5 (40.00%) now.", shown.Output,
            StringComparison.Ordinal);
        Assert.Contains("--apply", shown.Output, StringComparison.Ordinal);
        Assert.Equal(Outcome.Wrong, (await FirstAsync()).Outcome);

        Assert.Equal(0, (await CommandRunner.RunAsync([.. rescore, "--apply"])).ExitCode);
        Assert.Equal((Outcome.Correct, "A", "\\boxed{A} or \\boxed{B}"),
            ((await FirstAsync()).Outcome, (await FirstAsync()).Letter, (await FirstAsync()).Reply));
        await using var store = Place.OpenReadOnly();
        Assert.Contains(store.GetEvents("run1"), noted => noted.Kind == "rescored");
    }

    private async Task<Answer> FirstAsync()
    {
        await using var store = Place.OpenReadOnly();
        return store.GetAnswers("run1")[0];
    }
}

/// <summary>On a file.</summary>
public sealed class RescoreCommandOnFileTests() : RescoreCommandTests(StoreKind.Sqlite);

/// <summary>In a database.</summary>
public sealed class RescoreCommandInDatabaseTests() : RescoreCommandTests(StoreKind.Postgres);
