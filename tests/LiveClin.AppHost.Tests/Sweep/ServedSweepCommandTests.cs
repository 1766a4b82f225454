using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using LiveClin.AppHost.Sweep;
using LiveClin.Testing;
using Microsoft.Extensions.DependencyInjection;
using static LiveClin.AppHost.Tests.Sweep.Models;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>The sweep's commands while a model is served by a stand-in for SGLang.</summary>
[Collection(InProcess.Name)]
public sealed class ServedSweepCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Paused_resumed_stopped_and_run_again()
    {
        AppHostInProcess.UseDoubles(new FakeGpus(_folder.FullName).Write(1));
        // It is caught in the middle: it waits there, should the commands take longer than its replies.
        var behaviour = new JsonObject { ["reply_seconds"] = 0.2, ["waits_after"] = 20, ["waits_until"] = _folder["stopped"] };
        var models = new JsonArray(SGLang("M", "fake/m", behaviour), SGLang("N", "fake/n"));
        File.WriteAllText(_folder["settings.json"],
            new JsonObject { ["LiveClin"] = new JsonObject { ["Logs"] = _folder["logs"], ["Models"] = models } }.ToJsonString());
        await using var host = await AppHostInProcess.StartAsync(
            ["--settings", _folder["settings.json"], "--results", _folder["results"], "--concurrency", "1", "--limit", "8"]);
        var runs = host.Services.GetRequiredService<IReadOnlyList<ModelRun>>();
        var (first, second) = (runs[0], runs[1]);
        await RepliesAsync(4);

        await host.CommandAsync("sweep", "pause");
        await host.StateAsync("run-m", "paused");
        // Its server stays up: loading it again would take longer than most pauses.
        Assert.Equal((KnownResourceStates.Running, "NotStarted"), (State(host, "sglang-m"), State(host, "sglang-n")));
        var answered = first.Progress.QuestionsDone;

        await host.CommandAsync("sweep", "resume");
        await UntilAsync(() => first.Progress.QuestionsDone > answered);
        await host.CommandAsync("sweep", "stop");
        await host.StateAsync("sweep", KnownResourceStates.Finished);
        Assert.Equal((ModelRunState.Stopped, ModelRunState.Stopped, 1),
            (first.State, second.State, host.Services.GetRequiredService<SweepResource>().ExitCode));
        Assert.Equal((KnownResourceStates.Finished, "NotStarted"), (State(host, "sglang-m"), State(host, "sglang-n")));
        Assert.InRange(first.Progress.QuestionsDone, 1, first.Progress.QuestionsTotal - 1);
        var stopped = first.Run!.Id;
        await File.WriteAllTextAsync(_folder["stopped"], "", TestContext.Current.CancellationToken);

        await host.CommandAsync("run-m", "again");
        await UntilAsync(() => first.State == ModelRunState.Completed);
        await host.CommandAsync("run-n", "again");
        await UntilAsync(() => second.State == ModelRunState.Completed);
        await host.StateAsync("sweep", KnownResourceStates.Finished);
        await UntilAsync(() => host.Services.GetRequiredService<SweepResource>().ExitCode == 0);
        Assert.NotEqual(stopped, first.Run!.Id);
        Assert.Equal((first.Progress.QuestionsTotal, 0), (first.Progress.QuestionsDone, first.Failures));
    }

    private async Task RepliesAsync(int count)
    {
        while (ServerLog.Replies(_folder["logs"]) < count) await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition()) await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    private static string? State(AppHostInProcess host, string resource) =>
        host.States.TryGetCurrentState(resource, out var current) ? current.Snapshot.State?.Text : null;
}
