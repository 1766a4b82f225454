using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Settings;
using Microsoft.Extensions.Hosting;

namespace LiveClin.AppHost.Sweep;

/// <summary>
/// When the application stops: lets the sweep take back its questions and end its servers in order, then ends those that a person has
/// started, before the orchestrator begins to end everything at once.
/// </summary>
internal sealed class ServerShutdown(SweepRunner sweep, IReadOnlyList<ModelRun> runs, ServerController servers) : IHostedLifecycleService
{
    private static readonly TimeSpan SweepPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OrchestratorPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>How long stopping may take at most.</summary>
    public static TimeSpan Longest(SweepSettings settings) =>
        SweepPatience + (2 * settings.Models.Select(m => m.StopTimeout).DefaultIfEmpty().Max()) + OrchestratorPatience;

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var managed = runs.Select(r => r.Server).OfType<ManagedServerResource>().ToList();
        var longest = SweepPatience + managed.Select(s => s.Model.StopTimeout).DefaultIfEmpty().Max();
        var begin = TimeProvider.System.GetTimestamp();
        while (sweep.IsActive && TimeProvider.System.GetElapsedTime(begin) < longest) await Task.Delay(Interval, cancellationToken);
        await Task.WhenAll(managed.Select(servers.StopAsync));
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
