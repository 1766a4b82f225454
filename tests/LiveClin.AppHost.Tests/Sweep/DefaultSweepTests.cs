using Aspire.Hosting.ApplicationModel;
using LiveClin.AppHost.Sweep;
using LiveClin.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>The stack without settings, as a newcomer starts it.</summary>
[Collection(InProcess.Name)]
public sealed class DefaultSweepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_sweep_ends_with_scores_as_states_nested_runs_and_a_leaderboard_that_can_be_opened()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var host = await AppHostInProcess.StartAsync(["--results", _folder["results"], "--limit", "2"]);

        await host.StateAsync("sweep", KnownResourceStates.Finished);
        await host.States.WaitForResourceHealthyAsync("stats", stop);

        Assert.Equal(0, host.Services.GetRequiredService<SweepResource>().ExitCode);
        using var client = host.Client("stats");
        Assert.Contains("Leaderboard", await client.GetStringAsync("/", stop), StringComparison.Ordinal);
        foreach (var run in host.Services.GetRequiredService<IReadOnlyList<ModelRun>>())
        {
            Assert.True(host.States.TryGetCurrentState(run.Resource.Name, out var current));
            var shown = current.Snapshot;
            Assert.Matches(@"^\d+ of \d+, cases \d of 2$", shown.State!.Text);
            // What Aspire keeps among a resource's properties stays: the nesting below the sweep is one of them.
            Assert.Contains(shown.Properties, p => p.Name == "resource.parentName" && (string?)p.Value == "sweep");
            Assert.All(shown.Properties.Where(p => p.Name is "Model" or "Scores" or "Run"), p => Assert.True(p.IsHighlighted));
            var page = Assert.Single(shown.Urls);
            Assert.Contains(run.Run!.Id, page.Url, StringComparison.Ordinal);
            Assert.True((await client.GetAsync(page.Url, stop)).IsSuccessStatusCode);
        }
    }
}
