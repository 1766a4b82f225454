using System.Diagnostics;
using LiveClin.AppHost.Sweep;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LiveClin.AppHost.Telemetry;

/// <summary>
/// The app host's own spans: the sweep, its models, and what is done for each before and after its run. They are sent to the dashboard as
/// the sweep's.
/// </summary>
internal sealed class SweepTelemetry(DashboardOtlp dashboard, SweepResource sweep) : IHostedService
{
    private const int FlushPatience = 2000; // milliseconds; a dashboard that is gone must not hold up the end
    private static readonly ActivitySource Source = new("LiveClin.AppHost");
    private readonly Lock _lock = new();
    private TracerProvider? _provider;

    /// <summary>Begins a trace: of the sweep, or of a model that is run again.</summary>
    public Activity? StartRoot(string name)
    {
        Begin();
        Activity.Current = null;
        return Source.StartActivity(name);
    }

    /// <summary>Begins a step within what is being done.</summary>
    public static Activity? Start(string name) => Source.StartActivity(name);

    /// <summary>The span of what is being done, or null.</summary>
    public static Activity? Current
    {
        get
        {
            var activity = Activity.Current;
            while (activity is not null && activity.Source != Source) activity = activity.Parent;
            return activity;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sends what is left.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _provider?.Shutdown(FlushPatience);
            _provider = null;
            return Task.CompletedTask;
        }
    }

    // Not before a sweep begins: the dashboard's address is known only then.
    private void Begin()
    {
        lock (_lock)
        {
            if (_provider is not null || dashboard.Endpoint is not { } endpoint) return;
            _provider = Sdk.CreateTracerProviderBuilder()
                .ConfigureResource(r => r.Clear().AddService(sweep.Name, autoGenerateServiceInstanceId: false))
                .AddSource(Source.Name)
                .AddOtlpExporter(otlp =>
                {
                    (otlp.Endpoint, otlp.Protocol) = (endpoint, OtlpExportProtocol.Grpc);
                    otlp.Headers = dashboard.Key is { } key ? $"{DashboardOtlp.KeyHeader}={key}" : null;
                    otlp.BatchExportProcessorOptions.ScheduledDelayMilliseconds = 1000;
                })
                .Build();
        }
    }
}

/// <summary>How spans say what became of things.</summary>
internal static class ActivityExtensions
{
    /// <summary>Marks a span as failed when there is a reason.</summary>
    public static void End(this Activity? activity, string? failure)
    {
        if (failure is not null) activity?.SetStatus(ActivityStatusCode.Error, SweepText.Safe(failure));
    }
}
