using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Runs;

/// <summary>What who starts a run knows of the model's server. Nothing of it may be secret.</summary>
/// <param name="Server">Its kind.</param>
/// <param name="ServerVersion">Its version as it tells it.</param>
/// <param name="ServerCommand">Program and arguments that it was started with.</param>
/// <param name="Devices">The GPUs that it was given, in words.</param>
/// <param name="ModelInfo">What it says of the model (JSON).</param>
public sealed record ServingKnowledge(
    string? Server, string? ServerVersion, IReadOnlyList<string>? ServerCommand, IReadOnlyList<string>? Devices, string? ModelInfo)
{
    /// <summary>Where a run is asked from now on.</summary>
    /// <param name="serving">What is known of the server; null when nothing.</param>
    /// <param name="endpoint">The API.</param>
    /// <param name="listed">The model's entry in the API's list of models; taken where the server's own description is not known.</param>
    internal static RunEnvironment EnvironmentOf(ServingKnowledge? serving, ModelEndpoint endpoint, string? listed) => new()
    {
        ProgramVersion = ProgramIdentity.Version,
        GitCommit = ProgramIdentity.GitCommit,
        Machine = ProgramIdentity.Machine,
        Endpoint = endpoint.SafeUrl,
        Server = serving?.Server,
        ServerVersion = serving?.ServerVersion,
        ServerCommand = serving?.ServerCommand,
        Devices = serving?.Devices,
        ModelInfo = serving?.ModelInfo ?? listed,
    };
}
