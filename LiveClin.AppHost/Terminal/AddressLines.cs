using LiveClin.AppHost.Services;
using LiveClin.AppHost.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveClin.AppHost.Terminal;

/// <summary>Prints where to look: the dashboard, with its login token, and the leaderboard.</summary>
internal sealed partial class AddressLines(
    ServiceResource stats,
    SweepSettings settings,
    DistributedApplicationOptions options,
    DistributedApplicationExecutionContext execution,
    IConfiguration configuration,
    ResourceNotificationService notifications,
    ILoggerFactory loggers) : BackgroundService
{
    private const string Dashboard = "aspire-dashboard";

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!execution.IsRunMode) return;
        var console = loggers.CreateLogger(PlainFormatter.BareCategory);
        if (!options.DisableDashboard && DashboardAddress() is { } address)
        {
            await notifications.WaitForResourceHealthyAsync(Dashboard, stoppingToken);
            LogAddress(console, $"Dashboard    {address}");
        }

        await notifications.WaitForResourceHealthyAsync(stats.Name, stoppingToken);
        LogAddress(console, $"Leaderboard  {settings.Link(stats.GetEndpoint("http").Url + "/")}");
    }

    private string? DashboardAddress()
    {
        var address = configuration["ASPNETCORE_URLS"]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .FirstOrDefault();
        if (address is null) return null;
        return configuration["AppHost:BrowserToken"] is { Length: > 0 } token ? $"{address.TrimEnd('/')}/login?t={token}" : address;
    }

    [LoggerMessage(EventName = "Address", Level = LogLevel.Information, Message = "{Line}")]
    private static partial void LogAddress(ILogger console, string line);
}
