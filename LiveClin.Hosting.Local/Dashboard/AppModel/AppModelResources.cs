using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using LiveClin.Hosting.Local.Dashboard.Resources;
using Microsoft.Extensions.Hosting;

namespace LiveClin.Hosting.Local.Dashboard.AppModel;

/// <summary>The app model as the dashboard sees it: the last snapshot of every resource, their logs, and their commands.</summary>
internal sealed class AppModelResources(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    ResourceCommandService commands,
    DashboardName name) : BackgroundService, IDashboardResources
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ResourceView?> _views = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyList<ResourceView> _resources = [];
    private long _version;

    public string ApplicationName => name.Value;

    public long Version => Interlocked.Read(ref _version);

    public IReadOnlyList<ResourceView> Resources => Volatile.Read(ref _resources);

    public async IAsyncEnumerable<IReadOnlyList<ConsoleLine>> WatchConsoleAsync(string resourceId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var lines in loggers.WatchAsync(resourceId).WithCancellation(cancellationToken)) yield return Lines(lines);
    }

    public async IAsyncEnumerable<IReadOnlyList<ConsoleLine>> ReadConsoleAsync(string resourceId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var lines in loggers.GetAllAsync(resourceId).WithCancellation(cancellationToken)) yield return Lines(lines);
    }

    public async Task<string?> ExecuteAsync(string resourceId, string command, CancellationToken cancellationToken)
    {
        var result = await commands.ExecuteCommandAsync(resourceId, command, cancellationToken);
        return result.Success ? null : result.Canceled ? "It was cancelled." : result.Message is { Length: > 0 } message ? message : "It gave no reason.";
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var update in notifications.WatchAsync(stoppingToken)) Show(update);
        }
        catch (OperationCanceledException)
        {
            // The application stops; the pages keep what they have.
        }
    }

    private void Show(ResourceEvent update)
    {
        lock (_gate)
        {
            _views[update.ResourceId] = update.Snapshot.IsHidden ? null : SnapshotView.Of(update);
            var order = model.Resources.Select((r, i) => (r.Name, Index: i)).ToDictionary(r => r.Name, r => r.Index, StringComparer.OrdinalIgnoreCase);
            Volatile.Write(ref _resources, [.. _views.Values.OfType<ResourceView>().OrderBy(v => order.GetValueOrDefault(v.Name, int.MaxValue)).ThenBy(v => v.Id, StringComparer.Ordinal)]);
        }

        Interlocked.Increment(ref _version);
    }

    private static ConsoleLine[] Lines(IReadOnlyList<LogLine> lines) => [.. lines.Select(l => new ConsoleLine(l.LineNumber, l.Content, l.IsErrorMessage))];
}

/// <summary>The app's name in the dashboard.</summary>
internal sealed record DashboardName(string Value);
