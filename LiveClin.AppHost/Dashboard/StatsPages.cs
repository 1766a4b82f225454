using LiveClin.AppHost.Services;
using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.Dashboard;

/// <summary>Addresses of the statistics pages; null while the service has none.</summary>
internal sealed class StatsPages(ServiceResource stats, SweepSettings settings)
{
    private EndpointReference Http { get; } = stats.GetEndpoint("http");

    /// <summary>The leaderboard.</summary>
    public string? Leaderboard => Http.IsAllocated ? settings.Link($"{Http.Url}/") : null;

    /// <summary>A run's page: its answers as they arrive.</summary>
    public string? OfRun(string runId) => Http.IsAllocated ? settings.Link($"{Http.Url}/live?run={Uri.EscapeDataString(runId)}") : null;
}
