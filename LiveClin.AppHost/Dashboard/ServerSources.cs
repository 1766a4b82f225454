using System.Collections.Immutable;
using LiveClin.AppHost.ModelServers;
using LiveClin.Launcher;
using Microsoft.Extensions.Hosting;

namespace LiveClin.AppHost.Dashboard;

/// <summary>
/// Shows a managed server's own command as its source, where the orchestrator tells what it has started: the launcher, whose arguments
/// begin with paths of this machine. The orchestrator tells it again at every change.
/// </summary>
internal sealed class ServerSources(ResourceNotificationService notifications) : BackgroundService
{
    private const string PathProperty = "executable.path";
    private static readonly string[] ArgumentProperties = ["executable.args", "resource.appArgs"];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var update in notifications.WatchAsync(stoppingToken))
        {
            if (update.Resource is not ManagedServerResource server || !ShowsLauncher(update.Snapshot, server)) continue;
            // What is current may be newer than the update, and may have been put right already.
            await notifications.PublishUpdateAsync(server, update.ResourceId, s => ShowsLauncher(s, server) ? ShowingServer(s, server) : s);
        }
    }

    private static bool ShowsLauncher(CustomResourceSnapshot snapshot, ManagedServerResource server) =>
        server.Command != server.Program
            && snapshot.Properties.Any(p => p.Name == PathProperty && p.Value is string path && path == server.Command);

    private static CustomResourceSnapshot ShowingServer(CustomResourceSnapshot snapshot, ManagedServerResource server) =>
        snapshot with { Properties = [.. snapshot.Properties.Select(p => OfServer(p, server))] };

    private static ResourcePropertySnapshot OfServer(ResourcePropertySnapshot property, ManagedServerResource server)
    {
        if (property.Name == PathProperty) return property with { Value = server.Program };
        // Sample: …/LiveClin.Launcher.dll --mark … -- python3 -m sglang.launch_server …
        if (!ArgumentProperties.Contains(property.Name) || property.Value is not IEnumerable<string> words) return property;
        var own = words.SkipWhile(word => word != LaunchOptions.Separator).Skip(2);
        return property with { Value = own.ToImmutableArray() };
    }
}
