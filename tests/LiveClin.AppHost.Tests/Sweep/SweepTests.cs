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
