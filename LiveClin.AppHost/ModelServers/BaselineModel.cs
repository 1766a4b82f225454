using LiveClin.AppHost.Services;
using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.ModelServers;

/// <summary>A built-in baseline: one of the models of the baselines' server.</summary>
internal sealed class BaselineModel(ModelSettings model, ServiceResource server) : IModelServer
{
    public ModelSettings Model { get; } = model;

    public ParameterResource? Key => null;

    public Uri BaseUrl => new(new Uri(new EndpointReference(server, "http").Url), "v1");

    public string Name => server.Name;
}
