using Aspire.Hosting.Eventing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The application is about to start.</summary>
public class BeforeStartEvent : IDistributedApplicationEvent
{
    /// <summary>Creates the event.</summary>
    public BeforeStartEvent(IServiceProvider services, DistributedApplicationModel model)
    {
        Services = services;
        Model = model;
    }

    /// <summary>The application's services.</summary>
    public IServiceProvider Services { get; }

    /// <summary>Its resources.</summary>
    public DistributedApplicationModel Model { get; }
}

/// <summary>Every resource that starts by itself was started.</summary>
public class AfterResourcesCreatedEvent : IDistributedApplicationEvent
{
    /// <summary>Creates the event.</summary>
    public AfterResourcesCreatedEvent(IServiceProvider services, DistributedApplicationModel model)
    {
        Services = services;
        Model = model;
    }

    /// <summary>The application's services.</summary>
    public IServiceProvider Services { get; }

    /// <summary>Its resources.</summary>
    public DistributedApplicationModel Model { get; }
}

/// <summary>A resource may begin its life: the moment at which custom resources start to publish states.</summary>
public class InitializeResourceEvent : IDistributedApplicationResourceEvent
{
    private readonly ResourceLoggerService _loggers;

    /// <summary>Creates the event.</summary>
    public InitializeResourceEvent(IResource resource, IDistributedApplicationEventing distributedApplicationEventing, ResourceLoggerService resourceLoggerService, ResourceNotificationService resourceNotificationService, IServiceProvider services)
    {
        Resource = resource;
        Eventing = distributedApplicationEventing;
        _loggers = resourceLoggerService;
        Notifications = resourceNotificationService;
        Services = services;
    }

    /// <inheritdoc />
    public IResource Resource { get; }

    /// <summary>Publishes further events.</summary>
    public IDistributedApplicationEventing Eventing { get; }

    /// <inheritdoc />
    public Microsoft.Extensions.Logging.ILogger Logger => _loggers.GetLogger(Resource);

    /// <summary>Publishes states.</summary>
    public ResourceNotificationService Notifications { get; }

    /// <inheritdoc />
    public IServiceProvider Services { get; }
}

/// <summary>A resource's waits have ended and it starts now.</summary>
public class BeforeResourceStartedEvent : IDistributedApplicationResourceEvent
{
    /// <summary>Creates the event.</summary>
    public BeforeResourceStartedEvent(IResource resource, IServiceProvider services)
    {
        Resource = resource;
        Services = services;
    }

    /// <inheritdoc />
    public IResource Resource { get; }

    /// <inheritdoc />
    public IServiceProvider Services { get; }
}

/// <summary>A resource's addresses are known.</summary>
public class ResourceEndpointsAllocatedEvent : IDistributedApplicationResourceEvent
{
    /// <summary>Creates the event.</summary>
    public ResourceEndpointsAllocatedEvent(IResource resource, IServiceProvider services)
    {
        Resource = resource;
        Services = services;
    }

    /// <inheritdoc />
    public IResource Resource { get; }

    /// <inheritdoc />
    public IServiceProvider Services { get; }
}

/// <summary>A resource runs and is healthy for the first time since its start.</summary>
public class ResourceReadyEvent : IDistributedApplicationResourceEvent
{
    /// <summary>Creates the event.</summary>
    public ResourceReadyEvent(IResource resource, IServiceProvider services)
    {
        Resource = resource;
        Services = services;
    }

    /// <inheritdoc />
    public IResource Resource { get; }

    /// <inheritdoc />
    public IServiceProvider Services { get; }
}

/// <summary>A resource has stopped.</summary>
public class ResourceStoppedEvent : IDistributedApplicationResourceEvent
{
    /// <summary>Creates the event.</summary>
    public ResourceStoppedEvent(IResource resource, IServiceProvider services, ResourceEvent resourceEvent)
    {
        Resource = resource;
        Services = services;
        ResourceEvent = resourceEvent;
    }

    /// <inheritdoc />
    public IResource Resource { get; }

    /// <inheritdoc />
    public IServiceProvider Services { get; }

    /// <summary>What was known of it then.</summary>
    public ResourceEvent ResourceEvent { get; }
}
