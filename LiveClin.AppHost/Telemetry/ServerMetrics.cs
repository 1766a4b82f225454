using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Sweep;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveClin.AppHost.Telemetry;

/// <summary>Reads the metrics of every model server that is up and hands them on to the dashboard, as that server's.</summary>
internal sealed partial class ServerMetrics(IReadOnlyList<ModelRun> runs, MetricsExporter exporter,
    ResourceNotificationService notifications, ResourceLoggerService loggers, TimeProvider time) : BackgroundService
{
    private const int MaximumBytes = 8 << 20;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(4),
        MaxResponseContentBufferSize = MaximumBytes,
    };
    private readonly HashSet<Uri> _failed = [];

    /// <summary>Reads a server's metrics now, if it is up. A server that gives none is used all the same.</summary>
    public async Task ReadAsync(ManagedServerResource server, CancellationToken cancellationToken)
    {
        if (!notifications.TryGetCurrentState(server.Name, out var current)) return;
        if (current.Snapshot is not { HealthStatus: HealthStatus.Healthy, State.Text: var state } || state != KnownResourceStates.Running)
            return;
        var start = current.Snapshot.StartTimeStamp is { } started ? new DateTimeOffset(started.ToUniversalTime()) : time.GetUtcNow();
        foreach (var address in server.MetricsAddresses) await ReadAsync(server, address, start, cancellationToken);
    }

    private async Task ReadAsync(ManagedServerResource server, Uri address, DateTimeOffset start, CancellationToken cancellationToken)
    {
        try
        {
            var text = await _http.GetStringAsync(address, cancellationToken);
            await exporter.SendAsync(server.Name, server.Template.Title,
                PrometheusMetrics.Convert(PrometheusText.Parse(text), start, time.GetUtcNow()), cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // A server under load may be too slow; one that has none says so every time.
            lock (_failed)
            {
                if (!_failed.Add(address)) return;
            }

            LogNoMetrics(loggers.GetLogger(server), address, e is OperationCanceledException ? "no answer within 4 s" : e.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var servers = runs.Select(r => r.Server).OfType<ManagedServerResource>().ToList();
        if (servers.Count == 0) return;
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await Task.WhenAll(servers.Select(s => ReadAsync(s, stoppingToken)));
    }

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    [LoggerMessage(EventName = "NoMetrics", Level = LogLevel.Information, Message = "No metrics from {Address}: {Reason}")]
    private static partial void LogNoMetrics(ILogger logger, Uri address, string reason);
}
