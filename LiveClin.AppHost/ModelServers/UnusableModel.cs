using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.ModelServers;

/// <summary>A model whose settings are wrong: nothing serves it, and its run says why.</summary>
internal sealed class UnusableModel(ModelSettings model) : IModelServer
{
    public string Name => "none";

    public ModelSettings Model { get; } = model;

    public ParameterResource? Key => null;

    public Uri BaseUrl => throw new InvalidOperationException($"The settings of model '{Model.Name}' are wrong: nothing serves it.");
}
