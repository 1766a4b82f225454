using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;

namespace Aspire.Hosting.Publishing;

/// <summary>Everything was published. Never raised here, where nothing is.</summary>
public sealed class AfterPublishEvent : IDistributedApplicationEvent
{
    /// <summary>Creates the event.</summary>
    public AfterPublishEvent(IServiceProvider services, DistributedApplicationModel model)
    {
        Services = services;
        Model = model;
    }

    /// <summary>The application's services.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The application's resources.</summary>
    public DistributedApplicationModel Model { get; }
}
