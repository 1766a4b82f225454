using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.ModelServers;

/// <summary>What answers as one model over an OpenAI-compatible API.</summary>
internal interface IModelServer
{
    /// <summary>Name of the resource that serves it.</summary>
    string Name { get; }

    /// <summary>The model.</summary>
    ModelSettings Model { get; }

    /// <summary>The secret parameter with the API's key, if it wants one.</summary>
    ParameterResource? Key { get; }

    /// <summary>Base URL of the API (it ends in <c>/v1</c> for servers that are started here); known once the server runs.</summary>
    Uri BaseUrl { get; }

    /// <summary>True while the API's key is still to be entered in the dashboard.</summary>
    bool LacksKey => Key is { } key && !key.GetValueAsync(CancellationToken.None).IsCompleted;
}
