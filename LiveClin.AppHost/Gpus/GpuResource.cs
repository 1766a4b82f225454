using System.Collections.Immutable;
using LiveClin.AppHost.Settings;
using LiveClin.AppHost.Dashboard;
using LiveClin.AppHost.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LiveClin.AppHost.Gpus;

/// <summary>This machine's GPUs.</summary>
internal sealed class GpuResource(string name) : Resource(name)
{
    /// <summary>Devices that the next model needs; 0 when none is waited for.</summary>
    public int Needed { get; set; }
}

/// <summary>Adds the GPUs as a resource.</summary>
internal static class GpuBuilderExtensions
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>Adds the GPUs; they are healthy when enough of them have enough free memory for the next model.</summary>
    public static IResourceBuilder<GpuResource> AddGpus(this IDistributedApplicationBuilder builder, string name, SweepSettings settings)
    {
        var resource = new GpuResource(name);
        builder.Services.AddSingleton<GpuProbe>();
        builder.Services.AddHealthChecks().AddTypeActivatedCheck<GpuCheck>($"{name}_memory", null, [], resource, settings);
        return builder.AddResource(resource)
            .WithInitialState(new CustomResourceSnapshot { ResourceType = "GPUs", Properties = [] })
            .WithHealthCheck($"{name}_memory")
            .WithIconName("DeveloperBoard")
            .ExcludeFromManifest()
            .OnInitializeResource((gpus, started, token) => WatchAsync(gpus, started, token));
    }

    private static async Task WatchAsync(GpuResource gpus, InitializeResourceEvent started, CancellationToken cancellationToken)
    {
        var probe = started.Services.GetRequiredService<GpuProbe>();
        var stopping = started.Services.GetRequiredService<Microsoft.Extensions.Hosting.IHostApplicationLifetime>().ApplicationStopping;
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        var report = await probe.ReadAsync(linked.Token);
        await PublishAsync(gpus, started.Notifications, report);
        // A machine without devices does not grow any while it runs.
        if (report.Problem is null)
            _ = RepeatAsync(gpus, started.Notifications, started.Services.GetRequiredService<MetricsExporter>(), probe, report, stopping);
    }

    private static async Task RepeatAsync(GpuResource gpus, ResourceNotificationService notifications, MetricsExporter exporter,
        GpuProbe probe, GpuReport report, CancellationToken stopping)
    {
        try
        {
            using var timer = new PeriodicTimer(Interval);
            do
            {
                await exporter.SendAsync(gpus.Name, "GPUs", GpuMetrics.Of(report, DateTimeOffset.UtcNow), stopping);
                await timer.WaitForNextTickAsync(stopping);
                report = await probe.ReadAsync(stopping);
                await PublishAsync(gpus, notifications, report);
            }
            while (true);
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
    }

    private static Task PublishAsync(GpuResource gpus, ResourceNotificationService notifications, GpuReport report) =>
        notifications.PublishUpdateAsync(gpus, s => s with
    {
        State = report.Problem is null
            ? new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success)
            : new ResourceStateSnapshot("No GPU", KnownResourceStateStyles.Info),
        Properties = Properties(s.Properties, report),
    });

    private static ImmutableArray<ResourcePropertySnapshot> Properties(ImmutableArray<ResourcePropertySnapshot> all, GpuReport report) =>
        all.With(
    [
        ("Devices", report.Problem ?? $"{report.Devices.Count} × {report.Devices[0].Name}"),
        .. report.Devices.Select(d => ($"GPU {d.Index}", (string?)Describe(d))),
        ("Warnings", string.Join('\n', report.Warnings)),
        ("Processes", string.Join('\n', report.Processes.Select(p => $"{p.Pid}: {p.UsedMiB?.ToString() ?? "?"} MiB on {p.DeviceId}"))),
    ]);

    private static string Describe(GpuDevice device) => device.Problem is { } problem ? $"{device.Name}: {problem}" :
        $"{device.Name}, {device.UsedMiB?.ToString() ?? "?"} of {device.TotalMiB?.ToString() ?? "?"} MiB used, "
        + $"{device.UtilizationPercent?.ToString() ?? "?"} % busy, {(device.Celsius is { } degrees ? $"{degrees} °C, " : "")}driver {device.Driver ?? "unknown"}";

    private sealed class GpuCheck(GpuProbe probe, GpuResource gpus, SweepSettings settings) : IHealthCheck
    {
        private readonly bool _isWanted = settings.Models.Any(m => m.IsManaged);

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var report = await probe.ReadAsync(cancellationToken);
            // Where nothing wants a device, that there is none is no fault.
            if (report.Problem is not null)
                return _isWanted ? HealthCheckResult.Unhealthy(report.Problem)
                    : HealthCheckResult.Healthy($"None is needed. {report.Problem}");
            var free = report.FreeDevices(settings.GpuFreeFraction);
            return free >= gpus.Needed
                ? HealthCheckResult.Healthy($"{free} of {report.Devices.Count} devices are free.")
                : HealthCheckResult.Unhealthy($"{free} of {gpus.Needed} needed devices are free. {report.Holders()}.");
        }
    }
}
