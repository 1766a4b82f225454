using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Testing;
using static LiveClin.Testing.SampleRuns;

namespace LiveClin.Evaluator.Tests.CommandLine;

public sealed class RunsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Store => _folder["s.db"];

    [Fact]
    public async Task Lists_runs_with_their_scores()
    {
        await CreateAsync();
        var result = await CommandRunner.RunAsync("runs", "list", "--store", Store);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            """
            RUN   MODEL    RELEASE  STATUS                  QUESTIONS     CASES         FAILED  STARTED               SOURCE
            run2  model-b  sample   running or interrupted  0/5 (0.00%)   0/2 (0.00%)   0       2026-01-02 03:04:05Z  run
            run1  model-a  sample   completed               3/5 (60.00%)  1/2 (50.00%)  2       2026-01-02 03:04:05Z  run

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
        Assert.Contains("             2/2 (100.00%)        without cases that have a failure (core)", result.Output, StringComparison.Ordinal);
        Assert.Contains("             3/3 (100.00%)        of the questions answered", result.Output, StringComparison.Ordinal);
        Assert.Contains("failed       1", result.Output, StringComparison.Ordinal);
        Assert.Contains("not run      1", result.Output, StringComparison.Ordinal);
    }

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
        Assert.False(File.Exists(Store));
    }

    [Fact]
    public async Task Lets_no_control_character_through()
    {
        await CreateStoreAsync(Store, (Run("r", model: "\u001b[2Jevil"), []));
        foreach (var args in (string[][])[["runs", "list"], ["runs", "show", "r"]])
            Assert.DoesNotContain('\u001b', (await CommandRunner.RunAsync([.. args, "--store", Store])).Output);
    }

    private Task CreateAsync() => CreateStoreAsync(
        Store,
        (Run("run1", "model-a"), [
            Answer(0, 0, Outcome.Correct), Answer(0, 1, Outcome.Failed), Answer(0, 2, Outcome.NotRun),
            Answer(1, 0, Outcome.Correct), Answer(1, 1, Outcome.Correct)]),
        (Run("run2", "model-b", RunStatus.Running), []));
}
