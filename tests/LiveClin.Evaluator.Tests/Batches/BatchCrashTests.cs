using System.Diagnostics;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Tests.Runs;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Batches;

/// <summary>
/// The evaluator killed with SIGKILL at every call of the batch API: what was taken into a batch is collected, and never paid for again.
/// </summary>
public sealed class BatchCrashTests
{
    [Fact]
    public async Task A_kill_at_any_call_pays_for_nothing_twice()
    {
        await using var server = await FakeBatchServer.StartAsync();
        using var folder = new TemporaryFolder();
        // The server has done its part when the client dies, before a reply is on its way.
        foreach (var call in (string[])["POST /v1/files", "POST /v1/batches", "GET /v1/batches/id", "GET /v1/files/content",
            "GET /v1/batches"])
        {
            using var killed = Start(server, folder["store.db"]);
            var output = ReadAsync(killed);
            server.OnCall = async made =>
            {
                if (made != call) return;
                killed.Kill();
                await killed.WaitForExitAsync(CancellationToken.None);
            };
            // A list is asked for only where a batch was lost: that is the case after this one.
            if (call == "GET /v1/batches") server.OnCall = KillAtNextBatch(server, killed);
            await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
            await output;
            Assert.NotEqual(0, killed.ExitCode);
        }

        server.OnCall = _ => Task.CompletedTask;
        using var last = Start(server, folder["store.db"]);
        var words = ReadAsync(last);
        await last.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(last.ExitCode == 0, await words);
        Assert.Equal(80, server.Lines.Count);
        Assert.Equal(80, server.Lines.DistinctBy(line => line.CustomId).Count());
        await using var store = ResultStore.OpenReadOnly(folder["store.db"]);
        var run = Assert.Single(store.ListRuns());
        Assert.Equal((RunStatus.Completed, 80), (run.Status, store.GetAnswers(run.Id).Count(answer => answer.Reply is not null)));
    }

    private static Func<string, Task> KillAtNextBatch(FakeBatchServer server, Process process) => async made =>
    {
        if (made != "POST /v1/batches") return;
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    };

    private static async Task<string> ReadAsync(Process process)
    {
        var errors = process.StandardError.ReadToEndAsync();
        return await process.StandardOutput.ReadToEndAsync() + await errors;
    }

    private static Process Start(FakeBatchServer server, string store)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "LiveClin.Evaluator.dll"), "evaluate", "--model", "fake", "--api-base",
            server.BaseUrl.ToString(),
            "--batch", "--params", "plain", "--jsonl-path", EvaluatorHarness.Demo.JsonlPath!, "--store", store,
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
