using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Services;
using LiveClin.AppHost.Settings;
using LiveClin.Launcher;
using Microsoft.Extensions.Hosting;

namespace LiveClin.AppHost.Sweep;

/// <summary>
/// Notices that the orchestrator's processes were killed, which Aspire does not: its resources keep the states that they had, and nothing
/// would ever end them. The sweep is stopped, its servers and services are ended, and so is the app host; what was answered is kept.
/// </summary>
internal sealed class OrchestratorWatch(
    SweepRunner sweep,
    ServerShutdown servers,
    ServerEnding ending,
    IHostApplicationLifetime lifetime,
    DistributedApplicationExecutionContext execution,
    SweepNews news) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IntervalAtStart = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!OperatingSystem.IsLinux() || !execution.IsRunMode) return;
        using var timer = new PeriodicTimer(IntervalAtStart);
        IReadOnlyList<ProcessEntry> orchestrator = [];
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (orchestrator.Count < 2) orchestrator = Find();
            else if (timer.Period != Interval) timer.Period = Interval;
            else if (!orchestrator.All(ProcessTable.IsAlive) && !lifetime.ApplicationStopping.IsCancellationRequested) await EndAsync();
        }
    }

    // Sample: dcp start-apiserver --monitor <app host> …     dcp run-controllers … --monitor <API server> …
    private static List<ProcessEntry> Find()
    {
        var all = ProcessTable.Read();
        var server = all.FirstOrDefault(p => ProcessTable.HasArguments(p.Pid, "--monitor", $"{Environment.ProcessId}")
            && ProcessTable.HasArguments(p.Pid, "start-apiserver"));
        var controllers = server is null
            ? null : all.FirstOrDefault(p => p.Parent == server.Pid && ProcessTable.HasArguments(p.Pid, "run-controllers"));
        return [.. new[] { server, controllers }.OfType<ProcessEntry>()];
    }

    private async Task EndAsync()
    {
        SweepLog.OrchestratorLost(news.Sweep);
        ending.LoseOrchestrator();
        if (sweep.IsActive) sweep.Stop();
        await servers.StoppingAsync(CancellationToken.None);
        await StartedProcesses.EndAsync();
        // Aspire's own way to stop would wait for the orchestrator.
        Native.ExitNow(ExitCodes.SomeFailed);
    }
}
