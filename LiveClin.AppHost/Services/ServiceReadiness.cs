using LiveClin.AppHost.ModelServers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LiveClin.AppHost.Services;

/// <summary>
/// Waits until one of this solution's services is healthy. Aspire's own wait goes on for ever when a service has ended after it ran for a
/// moment, and holds up the start of the whole application meanwhile.
/// </summary>
internal sealed class ServiceReadiness(ResourceNotificationService notifications, ResourceLoggerService loggers)
{
    /// <summary>Null when the service is healthy; when it has ended, its last words.</summary>
    public async Task<ServiceEnd?> FindEndAsync(string service, CancellationToken cancellationToken)
    {
        var reached = await notifications.WaitForResourceAsync(service, e => e.Snapshot.HealthStatus == HealthStatus.Healthy
            || ServerEnding.HasEnded(e), cancellationToken);
        if (!ServerEnding.HasEnded(reached)) return null;
        var code = reached.Snapshot.ExitCode is { } known ? $" with exit code {known}" : "";
        var words = $"the service '{service}' has ended{code}: {await LastWordsAsync(reached.ResourceId, cancellationToken)}";
        return new ServiceEnd(words, reached.Snapshot.ExitCode);
    }

    private async Task<string> LastWordsAsync(string resourceId, CancellationToken cancellationToken)
    {
        var log = new List<string>();
        await foreach (var batch in loggers.GetAllAsync(resourceId).WithCancellation(cancellationToken))
            log.AddRange(batch.Select(line => WithoutTime(line.Content)));
        return log.LastOrDefault(line => line.Length > 0 && !IsOfHost(line)) ?? "its log is empty.";
    }

    // What Aspire and its orchestrator write into every log.
    private static bool IsOfHost(string line) =>
        ((string[])["[sys]", "No custom certificate authorities", "Executing command '", "Successfully executed command '"])
            .Any(start => line.StartsWith(start, StringComparison.Ordinal));

    // Sample: 2026-11-28T22:31:07.1234567Z results/liveclin.db is locked by another process.
    private static string WithoutTime(string line) =>
        line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space && DateTimeOffset.TryParse(line.AsSpan(0, space), out _)
            ? line[(space + 1)..].Trim() : line.Trim();
}

/// <summary>How a service has ended that was waited for.</summary>
/// <param name="Words">Its last words, in a sentence.</param>
/// <param name="ExitCode">Its exit code; null when unknown.</param>
internal sealed record ServiceEnd(string Words, int? ExitCode);
