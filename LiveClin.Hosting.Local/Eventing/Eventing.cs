using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Eventing;

/// <summary>Something happened in the application.</summary>
public interface IDistributedApplicationEvent;

/// <summary>Something happened to a resource.</summary>
public interface IDistributedApplicationResourceEvent : IDistributedApplicationEvent
{
    /// <summary>The resource.</summary>
    IResource Resource { get; }

    /// <summary>The application's services.</summary>
    IServiceProvider Services => throw new NotSupportedException($"{GetType().Name} does not carry the application's services.");

    /// <summary>The resource's log.</summary>
    ILogger Logger => Services.GetRequiredService<ResourceLoggerService>().GetLogger(Resource);
}

/// <summary>A registered listener.</summary>
public class DistributedApplicationEventSubscription
{
    /// <summary>Creates the registration.</summary>
    public DistributedApplicationEventSubscription(Func<IDistributedApplicationEvent, CancellationToken, Task> callback) => Callback = callback;

    /// <summary>The listener.</summary>
    public Func<IDistributedApplicationEvent, CancellationToken, Task> Callback { get; }
}

/// <summary>Publishes events to listeners, one after the other in the order of their registration.</summary>
public interface IDistributedApplicationEventing
{
    /// <summary>Listens to events of a type.</summary>
    DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback) where T : IDistributedApplicationEvent;

    /// <summary>Listens to events of a type that concern one resource.</summary>
    DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback) where T : IDistributedApplicationResourceEvent;

    /// <summary>Stops listening.</summary>
    void Unsubscribe(DistributedApplicationEventSubscription subscription);

    /// <summary>Publishes an event and waits for its listeners.</summary>
    Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default) where T : IDistributedApplicationEvent;
}

internal sealed class LocalEventing : IDistributedApplicationEventing
{
    private readonly ConcurrentDictionary<DistributedApplicationEventSubscription, (Type Type, long Order)> _subscriptions = new();
    private long _order;

    public DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback) where T : IDistributedApplicationEvent
    {
        var subscription = new DistributedApplicationEventSubscription((e, token) => callback((T)e, token));
        _subscriptions[subscription] = (typeof(T), Interlocked.Increment(ref _order));
        return subscription;
    }

    public DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback) where T : IDistributedApplicationResourceEvent =>
        Subscribe<T>((e, token) => ReferenceEquals(e.Resource, resource) ? callback(e, token) : Task.CompletedTask);

    public void Unsubscribe(DistributedApplicationEventSubscription subscription) => _subscriptions.TryRemove(subscription, out _);

    public async Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default) where T : IDistributedApplicationEvent
    {
        foreach (var (subscription, _) in _subscriptions.Where(s => s.Value.Type == typeof(T)).OrderBy(s => s.Value.Order).ToArray())
            await subscription.Callback(@event, cancellationToken).ConfigureAwait(false);
    }
}
