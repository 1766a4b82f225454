using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource and what is known of it.</summary>
public class ResourceEvent
{
    /// <summary>Creates the event.</summary>
    public ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
    {
        Resource = resource;
        ResourceId = resourceId;
        Snapshot = snapshot;
    }

    /// <summary>The resource.</summary>
    public IResource Resource { get; }

    /// <summary>Its id; here its name.</summary>
    public string ResourceId { get; }

    /// <summary>What is known of it.</summary>
    public CustomResourceSnapshot Snapshot { get; }
}

/// <summary>Settings of <see cref="ResourceNotificationService"/>.</summary>
public sealed class ResourceNotificationServiceOptions
{
    /// <summary>What a wait does when its dependency fails, unless the wait says otherwise.</summary>
    public WaitBehavior DefaultWaitBehavior { get; set; }
}

/// <summary>Keeps the last snapshot of every resource and tells who watches.</summary>
public class ResourceNotificationService : IDisposable
{
    private readonly Lock _publishing = new();
    private readonly ConcurrentDictionary<string, ResourceEvent> _states = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ChannelWriter<ResourceEvent>> _watchers = [];
    private readonly CancellationTokenSource _disposed = new();
    private readonly ILogger<ResourceNotificationService> _logger;
    private readonly IServiceProvider _services;
    private readonly CancellationToken _stopping;
    private readonly ResourceLoggerService _loggers;

    /// <summary>Creates the service.</summary>
    public ResourceNotificationService(ILogger<ResourceNotificationService> logger, IHostApplicationLifetime hostApplicationLifetime, IServiceProvider serviceProvider, ResourceLoggerService resourceLoggerService)
    {
        _logger = logger;
        _services = serviceProvider;
        _loggers = resourceLoggerService;
        _stopping = hostApplicationLifetime.ApplicationStopping;
    }

    internal WaitBehavior DefaultWaitBehavior { get; init; }

    /// <summary>Ends all watches.</summary>
    public void Dispose()
    {
        _disposed.Cancel();
        GC.SuppressFinalize(this);
    }

    /// <summary>Replaces a resource's snapshot.</summary>
    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory) => PublishUpdateAsync(resource, resource.Name, stateFactory);

    /// <summary>Replaces the snapshot of one instance of a resource.</summary>
    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        lock (_publishing)
        {
            var previous = _states.TryGetValue(resourceId, out var known) ? known.Snapshot : ResourceSnapshots.Initial(resource);
            var snapshot = stateFactory(previous);
            if (snapshot.State?.Text == KnownResourceStates.Running && previous.State?.Text != KnownResourceStates.Running)
                snapshot = ResourceSnapshots.WithPendingHealth(snapshot, resource);
            snapshot = snapshot with { Commands = ResourceSnapshots.Commands(resource, snapshot, _services) };
            var update = new ResourceEvent(resource, resourceId, snapshot);
            _states[resourceId] = update;
            foreach (var watcher in _watchers) watcher.TryWrite(update);
            if (previous.State?.Text != snapshot.State?.Text)
                HostingLog.StateChanged(_logger, resource.Name, previous.State?.Text, snapshot.State?.Text);
        }

        return Task.CompletedTask;
    }

    /// <summary>The last snapshot of a resource, by id.</summary>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent) => _states.TryGetValue(resourceId, out resourceEvent);

    /// <summary>Every resource's snapshot, then every change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<ResourceEvent>(new UnboundedChannelOptions { SingleReader = true });
        lock (_publishing)
        {
            foreach (var state in _states.Values) channel.Writer.TryWrite(state);
            _watchers.Add(channel.Writer);
        }

        try
        {
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
            await foreach (var update in channel.Reader.ReadAllAsync(linked.Token).ConfigureAwait(false)) yield return update;
        }
        finally
        {
            lock (_publishing) _watchers.Remove(channel.Writer);
        }
    }

    /// <summary>Waits for a state; null means <see cref="KnownResourceStates.Running"/>.</summary>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    /// <summary>Waits for one of several states and says which.</summary>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var states = targetStates.ToArray();
        var reached = await WaitForResourceAsync(resourceName, e => e.Snapshot.State is { } s && states.Contains(s.Text, StringComparer.OrdinalIgnoreCase), cancellationToken).ConfigureAwait(false);
        return reached.Snapshot.State!.Text;
    }

    /// <summary>Waits until a resource is as asked.</summary>
    public async Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping);
        await foreach (var update in WatchAsync(linked.Token).ConfigureAwait(false))
        {
            if (string.Equals(update.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase) && predicate(update)) return update;
        }

        throw new OperationCanceledException($"The application stopped while resource '{resourceName}' was waited for.");
    }

    /// <summary>Waits until a resource runs and is healthy.</summary>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, DefaultWaitBehavior, cancellationToken);

    /// <summary>Waits until a resource runs and is healthy.</summary>
    /// <exception cref="DistributedApplicationException">The resource failed and <paramref name="waitBehavior"/> says to stop then.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        var reached = await WaitForResourceAsync(resourceName, e =>
            e.Snapshot.HealthStatus == HealthStatus.Healthy || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && IsTerminal(e)), cancellationToken).ConfigureAwait(false);
        return reached.Snapshot.HealthStatus == HealthStatus.Healthy
            ? reached
            : throw new DistributedApplicationException($"Stopped waiting for resource '{resourceName}' to become healthy because it is in the state {reached.Snapshot.State?.Text}.");
    }

    /// <summary>Waits for everything that the resource declared to wait for.</summary>
    public async Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken)
    {
        var waits = resource.Annotations.OfType<WaitAnnotation>().Select(w => WaitAsync(resource, w, cancellationToken)).ToArray();
        await Task.WhenAll(waits).ConfigureAwait(false);
    }

    internal static bool IsTerminal(ResourceEvent update) => update.Snapshot.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text);

    private async Task WaitAsync(IResource resource, WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var behavior = wait.WaitBehavior ?? DefaultWaitBehavior;
        var name = wait.Resource.Name;
        var log = _loggers.GetLogger(resource);
        HostingLog.Waiting(log, name, wait.WaitType);
        var reached = await WaitForResourceAsync(name, e => Reached(e, wait.WaitType) || (IsTerminal(e) && behavior == WaitBehavior.StopOnResourceUnavailable), cancellationToken).ConfigureAwait(false);
        var state = reached.Snapshot.State?.Text;
        if (!Reached(reached, wait.WaitType))
            throw new DistributedApplicationException($"The dependency '{name}' is in the state {state}.");
        if (wait.WaitType == WaitType.WaitForCompletion && reached.Snapshot.ExitCode is { } exitCode && exitCode != wait.ExitCode)
            throw new DistributedApplicationException($"The dependency '{name}' ended with exit code {exitCode}, expected {wait.ExitCode}.");
        HostingLog.WaitEnded(log, name, state);
    }

    private static bool Reached(ResourceEvent update, WaitType type) => type switch
    {
        WaitType.WaitUntilHealthy => update.Snapshot.HealthStatus == HealthStatus.Healthy,
        WaitType.WaitUntilStarted => update.Snapshot.State?.Text == KnownResourceStates.Running,
        _ => IsTerminal(update),
    };
}
