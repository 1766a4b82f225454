using Aspire.Hosting.Orchestration;
using LiveClin.Hosting.Local.Dashboard.Host;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveClin.Hosting.Local.Dashboard.AppModel;

/// <summary>Runs the dashboard as part of the app host, and tells the resources where to send their telemetry.</summary>
internal sealed class DashboardService(AppModelResources resources, IConfiguration configuration, ILoggerFactory loggerFactory) : IHostedService
{
    private DashboardHost? _host;

    /// <summary>The running dashboard, or null before the start.</summary>
    public DashboardHost? Host => _host;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var options = configuration.GetSection(DashboardOptions.Section).Get<DashboardOptions>() ?? new();
        _host = await DashboardHost.StartAsync(options, resources, loggerFactory, cancellationToken);
        configuration[TelemetryVariables.GrpcEndpointKey] = _host.OtlpGrpcUrl.GetLeftPart(UriPartial.Authority);
        configuration[TelemetryVariables.HttpEndpointKey] = _host.OtlpHttpUrl.GetLeftPart(UriPartial.Authority);
        configuration[TelemetryVariables.ApiKeyKey] = _host.OtlpApiKey;
        // Standard output, not the log: the address must be there whatever the log levels are.
        Console.WriteLine($"Dashboard: {_host.LoginUrl}");
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_host is not null) await _host.DisposeAsync();
    }
}

/// <summary>Adds the dashboard to the app host.</summary>
internal static class DashboardServiceExtensions
{
    /// <summary>To be called before the orchestrator is added: services start in that order, and stop in the opposite one.</summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services, string applicationName)
    {
        services.AddSingleton(new DashboardName(applicationName));
        services.AddSingleton<AppModelResources>();
        services.AddHostedService(s => s.GetRequiredService<AppModelResources>());
        services.AddSingleton<DashboardService>();
        services.AddHostedService(s => s.GetRequiredService<DashboardService>());
        return services;
    }
}
