using LiveClin.AppHost.Services;

namespace LiveClin.AppHost.Dashboard;

/// <summary>Addresses of the statistics pages; null while the service has none.</summary>
internal sealed class StatsPages(ServiceResource stats)
{
    private EndpointReference Http { get; } = stats.GetEndpoint("http");

    /// <summary>The leaderboard.</summary>
    public string? Leaderboard => Http.IsAllocated ? $"{Http.Url}/" : null;

    /// <summary>A run's page: its answers as they arrive.</summary>
    public string? OfRun(string runId) => Http.IsAllocated ? $"{Http.Url}/live?run={Uri.EscapeDataString(runId)}" : null;
}
