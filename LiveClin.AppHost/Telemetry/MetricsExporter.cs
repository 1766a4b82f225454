using Grpc.Core;
using Grpc.Net.Client;
using LiveClin.AppHost.Telemetry.Protocol;
using Microsoft.Extensions.Logging;

namespace LiveClin.AppHost.Telemetry;

/// <summary>
/// Sends metrics to the dashboard under the name of the resource that they are about. Meters of this process would all be of
/// one service, and cannot hand on the histograms of another program; the protocol itself can.
/// </summary>
internal sealed partial class MetricsExporter(DashboardOtlp dashboard, ILogger<MetricsExporter> log) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Lock _lock = new();
    private GrpcChannel? _channel;
    private bool _failed;

    /// <summary>Sends the metrics; the dashboard being away is no reason to stop anything.</summary>
    /// <param name="resource">Name of the resource.</param>
    /// <param name="scope">Where they come from.</param>
    /// <param name="metrics">The metrics.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task SendAsync(string resource, string scope, IEnumerable<Metric> metrics, CancellationToken cancellationToken)
    {
        var sent = metrics.ToList();
        if (sent.Count == 0 || Channel() is not { } channel) return;
        var request = new ExportMetricsServiceRequest
        {
            ResourceMetrics =
            {
                new ResourceMetrics
                {
                    Resource = new() { Attributes = { Attribute("service.name", resource) } },
                    ScopeMetrics = { new ScopeMetrics { Scope = new() { Name = scope }, Metrics = { sent } } },
                },
            },
        };
        var headers = new Metadata();
        if (dashboard.Key is { } key) headers.Add(DashboardOtlp.KeyHeader, key);
        try
        {
            // The sweep's trace is not about this call.
            using var _ = OpenTelemetry.SuppressInstrumentationScope.Begin();
            await new MetricsService.MetricsServiceClient(channel)
                .ExportAsync(request, headers, DateTime.UtcNow + Patience, cancellationToken);
            _failed = false;
        }
        catch (RpcException e)
        {
            if (!_failed && !cancellationToken.IsCancellationRequested) LogNotSent(resource, e.Status.Detail);
            _failed = true;
        }
    }

    /// <summary>An attribute.</summary>
    public static KeyValue Attribute(string key, string value) => new() { Key = key, Value = new AnyValue { StringValue = value } };

    /// <summary>A point in time as the protocol has it.</summary>
    public static ulong Nanoseconds(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100;

    public void Dispose() => _channel?.Dispose();

    private GrpcChannel? Channel()
    {
        lock (_lock)
        {
            if (dashboard.Endpoint is not { } endpoint) return null;
            return _channel ??= GrpcChannel.ForAddress(endpoint, new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler { UseProxy = !endpoint.IsLoopback },
            });
        }
    }

    [LoggerMessage(EventName = "MetricsNotSent", Level = LogLevel.Debug,
        Message = "The metrics of {Resource} could not be sent to the dashboard: {Reason}")]
    private partial void LogNotSent(string resource, string reason);
}
