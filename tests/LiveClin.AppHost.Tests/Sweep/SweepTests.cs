using System.Text.Json.Nodes;
using LiveClin.Core.Results;
using LiveClin.Testing;
using static LiveClin.AppHost.Tests.Sweep.Models;
using static LiveClin.AppHost.Tests.Sweep.Summary;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>Whole sweeps: the real app host, evaluator and statistics, and stand-ins for SGLang and the GPUs.</summary>
public sealed class SweepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _patience =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public SweepTests() => _patience.CancelAfter(HangGuard.Longest);

    public void Dispose()
    {
        _patience.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task One_crashes_while_loading_one_dies_and_recovers_one_is_fine_one_is_too_big()
    {
        var models = new JsonArray(
            SGLang("Crashes", "fake/crash-while-loading"),
            SGLang("Dies-once", "fake/one", new JsonObject { ["dies_after"] = 20, ["once"] = _folder["died"] }, tp: 2),
            SGLang("Fine", "fake/two", dp: 2),
            SGLang("Too-big", "fake/three", tp: 4),
            SGLang("No-environment", "fake/four", python: "./no-venv"),
            new JsonObject { ["Name"] = "floor", ["Server"] = "baseline", ["ApiId"] = "baseline/always-A" });
        using var host = AppHostProcess.Start(_folder, models, new FakeGpus(_folder.FullName).Write(2), "--concurrency", "4", "--limit",
            "6");

        Assert.Equal(1, await host.EndAsync(_patience.Token));

        // The guardian goes when it sees that the app host has gone.
        while (host.Children().Count > 0) await Task.Delay(50, _patience.Token);
        var summary = Summary.Of(_folder);
        Assert.Equal(["Dies-once", "Fine", "floor"],
            summary.Where(c => !c.Value.Elements("error").Any() && !c.Value.Elements("failure").Any()).Select(c => c.Key).Order());
        Assert.Contains("exit code 137", Error(summary["Crashes"]), StringComparison.Ordinal);
        Assert.Contains("needs 4 GPUs", Error(summary["Too-big"]), StringComparison.Ordinal);
        Assert.Contains("virtual environment", Error(summary["No-environment"]), StringComparison.Ordinal);
        var total = Property(summary["Fine"], "questions.total");
        Assert.True(total > 0);
        Assert.Equal(total, Property(summary["Dies-once"], "questions.total"));
        // Every start has a log of its own.
        var logs = Directory.GetFiles(_folder["logs"]).Select(f => Path.GetFileName(f)!.Split('_')[0]).Order();
        Assert.Equal(["Crashes", "Dies-once", "Dies-once", "Fine"], logs);
    }

    [Fact]
    public async Task Behind_the_router_both_servers_work_and_conversations_stay_where_they_began()
    {
        var models = new JsonArray(SGLang("Routed", "fake/one", dp: 2).With("Router", true));
        using var host = AppHostProcess.Start(_folder, models, new FakeGpus(_folder.FullName).Write(2), "--concurrency", "4", "--limit",
            "6");

        Assert.Equal(0, await host.EndAsync(_patience.Token));

        while (host.Children().Count > 0) await Task.Delay(50, _patience.Token);
        var total = Property(Summary.Of(_folder)["Routed"], "questions.total");
        // Each server warms up, and one checks the vision.
        Assert.Equal(total + 3, Replies());
        var log = File.ReadAllText(Directory.GetFiles(_folder["logs"]).Single());
        // Two servers were there, and every turn but the first found its conversation's beginning in the cache.
        Assert.Equal(2, log.Split("The server is fired up and ready to roll!").Length - 1);
        Assert.True(log.Split("#cached-token: 0,").Length - 1 <= 6 + 3, log);
        await CheckEnvironmentAsync();
    }

    // What somebody needs who wants to repeat the run.
    private async Task CheckEnvironmentAsync()
    {
        await using var store = ResultStore.OpenReadOnly(_folder["results/liveclin.db"]);
        var environment = Assert.Single(store.GetEnvironments(store.ListRuns().Single().Id)).Environment;
        Assert.Equal(("sglang", 2), (environment.Server, environment.Devices?.Count));
        Assert.All(environment.Devices!, device => Assert.Matches(@"^NVIDIA .+, \d+ MiB, driver [\d.]+, GPU-", device));
        Assert.NotNull(environment.ServerVersion);
        Assert.Contains("--data-parallel-size 2", string.Join(' ', environment.ServerCommand!), StringComparison.Ordinal);
        Assert.Contains("\"model_path\": \"fake/one\"", environment.ModelInfo, StringComparison.Ordinal);
    }

    private int Replies() => ServerLog.Replies(_folder["logs"]);
}
