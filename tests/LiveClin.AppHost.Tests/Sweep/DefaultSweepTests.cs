using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using LiveClin.AppHost.Sweep;
using LiveClin.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>The stack without settings, as a newcomer starts it.</summary>
[Collection(InProcess.Name)]
public sealed partial class DefaultSweepTests : IDisposable
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

        // Each examinee over HTTP is worth what it says; of two cases, which the floors' block is about too.
        var lines = host.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync("sweep").ToBlockingEnumerable(stop)
            .SelectMany(batch => batch).Select(line => line.Content).ToList();
        Assert.Single(lines, line => BestConstant().IsMatch(line));
        Assert.Single(lines, line => Knows60().IsMatch(line));
        Assert.All((string[])["shuffled:1", "no-images", "gold-history"], condition =>
            Assert.Equal(4, lines.Count(line => line.Contains($" · {condition} ", StringComparison.Ordinal)
                && line.EndsWith("0 failures", StringComparison.Ordinal))));
        Assert.DoesNotContain(lines, line => line.Contains("baseline/", StringComparison.Ordinal));
        Assert.Single(lines, line => line.Contains("Seen:  ", StringComparison.Ordinal)
            && line.Contains("each of the 7 simulated examinees.", StringComparison.Ordinal));
        Assert.Single(lines, line => line.Contains("Found: ", StringComparison.Ordinal)
            && line.Contains("no condition is told from the published way", StringComparison.Ordinal));
        Assert.Single(lines, line => line.Contains($"Look:  {client.BaseAddress}", StringComparison.Ordinal));
        Assert.Single(lines,
            line => line.Contains("Next:  dotnet run --project LiveClin.Evaluator -- evaluate --model MODEL", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"simulated/knows-60 +questions ")]
    private static partial Regex Knows60();

    [GeneratedRegex(@"always-[A-J] \(best constant letter\)  questions \d+/\d+ \(\d+\.\d%\)  cases \d/2 \(\d+\.\d%\)$")]
    private static partial Regex BestConstant();
}
