using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using LiveClin.AppHost.Sweep;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>The sweep's commands against an API that already runs and wants a key.</summary>
[Collection(InProcess.Name)]
public sealed class SweepCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Paused_resumed_and_run_again()
    {
        using var turnstile = new SemaphoreSlim(0);
        await using var server = await FakeModelServer.StartAsync(async (_, context) =>
        {
            await turnstile.WaitAsync(context.RequestAborted);
            await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
        }, "m");
        File.WriteAllText(_folder["settings.json"], new JsonObject
        {
            ["Parameters"] = new JsonObject { ["test-key"] = "hush" },
            ["LiveClin"] = new JsonObject
            {
                ["Models"] = new JsonArray(new JsonObject
                {
                    ["Name"] = "E",
                    ["Server"] = "endpoint",
                    ["ApiId"] = "m",
                    ["Endpoint"] = server.BaseUrl.ToString(),
                    ["ApiKey"] = "test-key",
                }),
            },
        }.ToJsonString());

        await using var host = await AppHostInProcess.StartAsync(
            ["--settings", _folder["settings.json"], "--results", _folder["results"], "--concurrency", "1", "--limit", "2"]);
        var run = host.Services.GetRequiredService<IReadOnlyList<ModelRun>>().Single();
        turnstile.Release(3); // the vision check and two questions
        await UntilAsync(() => server.Calls.Count >= 4);
        await host.CommandAsync("sweep", "pause");
        await host.StateAsync("run-e", "paused");
        await host.StateAsync("sweep", "Paused");
        Assert.Equal(RunStatus.Cancelled, run.Run!.Status);

        turnstile.Release(1000);
        await host.CommandAsync("sweep", "resume");
        await host.StateAsync("sweep", KnownResourceStates.Finished);

        var (first, total) = (run.Run.Id, run.Progress.QuestionsTotal);
        Assert.Equal((ModelRunState.Completed, 0, 0),
            (run.State, run.Failures, host.Services.GetRequiredService<SweepResource>().ExitCode));
        // Every question once, the one that was cut off once more, and the vision check.
        Assert.InRange(server.Calls.Count, total + 1, total + 3);
        Assert.All(server.Calls, call => Assert.Equal("Bearer hush", call.Authorization));

        // What the console says about the sweep is on its page too, to the table at its end; what concerns one model also on that one's.
        string[] steps = [$"E: run {first} begun", "E: the vision check failed", "E: paused", $"E: {SweepText.Scores(run)}"];
        Assert.All(steps, step =>
            Assert.All(new[] { "run-e", "sweep" },
            page => Assert.Single(Page(host, page), line => line.Contains(step, StringComparison.Ordinal))));
        Assert.All(new[] { "Sweep over 1 model on", "Sweep paused", "Sweep goes on", $" E  {SweepText.Scores(run)}" },
            step => Assert.Single(Page(host, "sweep"), line => line.Contains(step, StringComparison.Ordinal)));

        await host.CommandAsync("run-e", "again");
        await UntilAsync(() => run.State == ModelRunState.Completed && run.Run?.Id is { } id && id != first);
        Assert.True(server.Calls.Count >= 2 * total);
        Assert.DoesNotContain("hush", Directory.GetFiles(_folder["results"], "*.*").Where(f => !f.Contains(".db", StringComparison.Ordinal))
            .Select(File.ReadAllText).Aggregate("", string.Concat), StringComparison.Ordinal);
    }

    private static List<string> Page(AppHostInProcess host, string resource) =>
        [.. host.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(resource)
            .ToBlockingEnumerable(TestContext.Current.CancellationToken).SelectMany(lines => lines).Select(line => line.Content)];

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition()) await Task.Delay(50, TestContext.Current.CancellationToken);
    }
}
