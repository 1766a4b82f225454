using LiveClin.AppHost.Services;
using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.ModelServers;

/// <summary>A built-in examinee: one of the models of the baselines' server.</summary>
internal sealed class BaselineModel(ModelSettings model, ServiceResource server) : IModelServer
{
    public ModelSettings Model { get; private set; } = model;

    public ParameterResource? Key => null;

    public Uri BaseUrl => new(new Uri(new EndpointReference(server, "http").Url), "v1");

    public string Name => server.Name;

    /// <summary>The release is known: the best constant letter becomes the letter that it is there.</summary>
    /// <param name="bestConstant">Name on the wire of the constant letter that scores best.</param>
    public void Settle(string bestConstant)
    {
        if (Model.ApiId != BuiltInModels.BestConstant) return;
        Model = Model with { ApiId = bestConstant, Name = Model.Name == BuiltInModels.BestConstant ? bestConstant : Model.Name };
    }
}
