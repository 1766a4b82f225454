using LiveClin.Testing;
using Microsoft.AspNetCore.Http;

namespace LiveClin.Evaluator.Tests.CommandLine;

/// <summary>What went wrong is said in words, with what to do; a copy of a store can be made.</summary>
public abstract class FailureCommandTests(StoreKind kind) : StoreCommands(kind)
{
    [Fact]
    public async Task A_run_that_never_reached_its_server_gives_the_reason_and_no_table_of_zeros_and_may_be_tried_again()
    {
        var result = await EvaluateAsync("http://127.0.0.1:9/v1", "--max-retries", "0");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Cannot reach http://127.0.0.1:9/v1", result.Error, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:9", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Accuracy", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(" 0/", result.Output, StringComparison.Ordinal); // with a space: a folder's name may end in "0/"
        var failures = await CommandRunner.RunAsync("runs", "failures", "2", "--store", Store);
        Assert.Contains("127.0.0.1:9", failures.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failures_are_shown_by_kind_with_message_number_examples_and_what_to_do()
    {
        await using var server = await FakeModelServer.StartAsync(async (call, context) =>
        {
            if (call.Number % 2 == 0) await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
            else (context.Response.StatusCode, _) = (StatusCodes.Status400BadRequest, 0);
        });
        var result = await EvaluateAsync(server.BaseUrl.ToString(), "--max-retries", "0", "--concurrency", "1");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("runs failures ", result.Error, StringComparison.Ordinal);
        var failures = (await CommandRunner.RunAsync("runs", "failures", "2", "--store", Store)).Output;
        foreach (var expected in (string[])["× http_400", "message   HTTP 400", "examples  ", " Q",
            "to do     The server refuses the request", "in the same cases were not asked"])
            Assert.Contains(expected, failures, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Causes_are_counted_and_told()
    {
        await using var server = await FakeModelServer.StartAsync((_, context) => FakeModelServer.WriteAsync(
            context, 500, """{"error":{"message":"CUDA error: an illegal memory access \u001b[31mwas encountered"}}"""));
        const string Causes = "failed 3: http_500 × 3 (CUDA error: an illegal memory access was encountered)";

        var result = await EvaluateAsync(server.BaseUrl.ToString(), "--max-retries", "0", "--limit", "3");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(Causes, result.Error, StringComparison.Ordinal);
        var run = (await CommandRunner.RunAsync("runs", "show", "2", "--store", Store)).Output;
        Assert.Contains("failures     " + Causes, run, StringComparison.Ordinal);
    }

    private protected Task<CommandResult> EvaluateAsync(string url, params string[] more) => CommandRunner.RunAsync(
        ["evaluate", "--model", "fake", "--api-base", url, "--dataset", "demo", "--data-dir",
            Path.Combine(SharedData.RepositoryRoot, "data"), "--image-mode", "local", .. more.Contains("--store")
                ? more : [.. more, "--store", Store]]);
}

/// <summary>On a file.</summary>
public sealed class FailureCommandOnFileTests() : FailureCommandTests(StoreKind.Sqlite)
{
    [Fact]
    public async Task A_database_that_is_not_there_may_be_tried_again_and_one_that_cannot_be_meant_not()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var away = await EvaluateAsync(server.BaseUrl.ToString(), "--store", "postgresql://ann@127.0.0.1:1/r");
        var wrong = await EvaluateAsync(server.BaseUrl.ToString(), "--store", "postgresql://ann@127.0.0.1:1/r?sslmode=nonsense");
        Assert.Equal((1, 2), (away.ExitCode, wrong.ExitCode));
        Assert.Contains("the server cannot be reached", away.Error, StringComparison.Ordinal);
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task A_backup_holds_the_runs_and_nothing_is_overwritten()
    {
        await SampleRuns.CreateStoreAsync(Place.Place, (SampleRuns.Run("r"), []));
        var result = await CommandRunner.RunAsync("backup", Folder["copy.db"], "--store", Store);
        Assert.Equal((0, $"{Folder["copy.db"]}: 1 run"), (result.ExitCode, result.Output.Trim()));
        Assert.Equal(2, (await CommandRunner.RunAsync("backup", Folder["copy.db"], "--store", Store)).ExitCode);
    }
}

/// <summary>In a database.</summary>
public sealed class FailureCommandInDatabaseTests() : FailureCommandTests(StoreKind.Postgres);
