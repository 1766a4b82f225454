using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestration;

/// <summary>Runs the health checks of running resources: every second at first, every five later, every thirty once healthy.</summary>
internal sealed class ResourceHealthMonitor(ResourceNotificationService notifications, HealthCheckService checks, IDistributedApplicationEventing eventing, IServiceProvider services) : BackgroundService
{
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new Dictionary<string, CancellationTokenSource>();
        try
        {
            await foreach (var update in notifications.WatchAsync(stoppingToken).ConfigureAwait(false))
            {
                var isRunning = update.Snapshot.State?.Text == KnownResourceStates.Running;
                if (isRunning && !running.ContainsKey(update.ResourceId))
                {
                    var source = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                    running[update.ResourceId] = source;
                    _ = MonitorAsync(update.Resource, source.Token);
                }
                else if (!isRunning && running.Remove(update.ResourceId, out var source))
                {
                    await source.CancelAsync().ConfigureAwait(false);
                    source.Dispose();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
    }

    private async Task MonitorAsync(IResource resource, CancellationToken cancellationToken)
    {
        try
        {
            var keys = ResourceSnapshots.Checks(resource).ToHashSet();
            if (keys.Count == 0)
            {
                await eventing.PublishAsync(new ResourceReadyEvent(resource, services), cancellationToken).ConfigureAwait(false);
                return;
            }

            var ready = false;
            for (var attempt = 1; ; attempt++)
            {
                var report = await checks.CheckHealthAsync(r => keys.Contains(r.Name), cancellationToken).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                await PublishAsync(resource, report).ConfigureAwait(false);
                var healthy = report.Status == HealthStatus.Healthy;
                if (healthy && !ready)
                {
                    ready = true;
                    await eventing.PublishAsync(new ResourceReadyEvent(resource, services), cancellationToken).ConfigureAwait(false);
                }

                await Task.Delay(healthy ? Healthy : TimeSpan.FromSeconds(attempt <= 30 ? 1 : 5), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The resource or the application stopped.
        }
    }

    private Task PublishAsync(IResource resource, HealthReport report)
    {
        ImmutableArray<HealthReportSnapshot> results = [.. report.Entries.Select(e => ResourceSnapshots.Report(e.Key, e.Value))];
        return notifications.PublishUpdateAsync(resource, s => s.State?.Text == KnownResourceStates.Running ? s with { HealthReports = results } : s);
    }
}
