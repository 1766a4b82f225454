using LiveClin.AppHost.Gpus;
using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.ModelServers;

/// <summary>A model server that is started, watched and stopped here. It starts only on command: the sweep's, or a person's.</summary>
internal class ManagedServerResource(string name, string command, string folder, ModelSettings model, LaunchTemplate template)
    : ExecutableResource(name, command, folder), IModelServer, IResourceWithServiceDiscovery, IResourceWithConnectionString
{
    /// <summary>Name of its endpoint.</summary>
    public const string EndpointName = "http";

    private static readonly string HostMark = $"{Environment.ProcessId}-{Guid.NewGuid():N}";

    public ModelSettings Model { get; } = model;

    /// <summary>How it is started.</summary>
    public LaunchTemplate Template { get; } = template;

    /// <summary>The server's own program; <see cref="ExecutableResource.Command"/> is the launcher while it runs here.</summary>
    public string Program { get; } = command;

    /// <summary>Names its processes: <c>host.resource</c>, unlike any other on this machine.</summary>
    public string Mark { get; } = $"{HostMark}.{name}";

    /// <summary>One evaluation at a time.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>Indices of the devices that its next start shall see, or null for all.</summary>
    public string? VisibleDevices { get; set; }

    /// <summary>The devices that it was given, as they were before it started; null while it has none of ours.</summary>
    public IReadOnlyList<GpuDevice>? Devices { get; set; }

    public ParameterResource? Key => null;

    /// <summary>The server's address.</summary>
    public EndpointReference Http => new(this, EndpointName);

    /// <summary>Where its metrics are shown in Prometheus' text format.</summary>
    public virtual IEnumerable<Uri> MetricsAddresses => Template.MetricsPath is { } path ? [new Uri(new Uri(Http.Url), path)] : [];

    /// <summary>Answers 200 when the server is ready.</summary>
    public Uri ReadinessUrl => new(new Uri(Http.Url), Template.ReadinessPath);

    public Uri BaseUrl => new(new Uri(Http.Url), "v1");

    /// <summary>The API's base URL.</summary>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Http}/v1");

    /// <summary><c>Uri</c> (the API's base URL) and <c>Model</c> (the name on the wire).</summary>
    public IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() =>
    [
        new("Uri", ConnectionStringExpression),
        new("Model", ReferenceExpression.Create($"{Model.ApiId}")),
    ];
}
