using System.Text.Json.Nodes;
using LiveClin.Core.Results;
using LiveClin.Testing;
using static LiveClin.AppHost.Tests.Sweep.Models;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>Managed models whose devices do not overlap run at the same time, in the order of the settings.</summary>
public sealed class SideBySideTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _patience =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public SideBySideTests() => _patience.CancelAfter(HangGuard.Longest);

    public void Dispose()
    {
        _patience.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Small_ones_share_the_devices_and_the_large_one_is_not_passed_by()
    {
        // None of them ends before all have begun, however long each of them takes for that.
        JsonObject Slow() => new() { ["waits_after"] = 3, ["waits_until"] = _folder["all begun"] };
        // The last one would fit as soon as one of the first has ended; the large one before it has the turn.
        var models = new JsonArray(
            SGLang("One", "fake/one", Slow()), SGLang("Two", "fake/two", Slow()), SGLang("Pair", "fake/three", Slow(), tp: 2),
            SGLang("All", "fake/four", tp: 4), SGLang("Last", "fake/five"), SGLang("Wrong", "fake/six", tp: 0));
        using var host = AppHostProcess.Start(_folder, models, new FakeGpus(_folder.FullName).Write(4), "--concurrency", "1", "--limit",
            "3");
        string[] together = ["One", "Two", "Pair"];
        foreach (var name in together) await host.SaysAsync($"{name}: run ", _patience.Token);
        await File.WriteAllTextAsync(_folder["all begun"], "", _patience.Token);
        // One whose settings are wrong holds up no other; the exit code tells of it.
        Assert.Equal(2, await host.EndAsync(_patience.Token));
        var summary = Summary.Of(_folder);
        Assert.Contains("LiveClin:Models:5:Tp", Summary.Error(summary["Wrong"]), StringComparison.Ordinal);
        Assert.All(summary.Where(test => test.Key != "Wrong"),
            test => Assert.Equal(("", 0), (Summary.Error(test.Value), Summary.Property(test.Value, "questions.failed"))));

        await using var store = ResultStore.OpenReadOnly(_folder["results/liveclin.db"]);
        var runs = store.ListRuns().ToDictionary(run => run.Specification.Model);
        var lastBegin = together.Max(name => runs[name].StartedAt);
        Assert.All(together, name => Assert.True(runs[name].FinishedAt > lastBegin, $"{name} had ended before the others began"));
        var devices = together.SelectMany(name => Assert.Single(store.GetEnvironments(runs[name].Id)).Environment.Devices!).ToList();
        Assert.Equal((4, 4), (devices.Count, devices.Distinct().Count()));
        Assert.True(runs["All"].StartedAt >= together.Max(name => runs[name].FinishedAt));
        Assert.DoesNotContain("Wrong", runs.Keys);
        Assert.True(runs["Last"].StartedAt >= runs["All"].FinishedAt);
    }
}
