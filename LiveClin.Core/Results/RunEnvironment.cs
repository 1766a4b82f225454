using System.Text.Json;
using System.Text.Json.Serialization;

namespace LiveClin.Core.Results;

/// <summary>Where a run was asked and answered, as far as that was known when it was started or continued. Says nothing secret.</summary>
public sealed record RunEnvironment
{
    /// <summary>Longest <see cref="ModelInfo"/> that is kept, in characters.</summary>
    public const int LongestModelInfo = 8 * 1024;

    /// <summary>Version of this program.</summary>
    public required string ProgramVersion { get; init; }

    /// <summary>Git commit of this program; null when unknown.</summary>
    public string? GitCommit { get; init; }

    /// <summary>Operating system, cores and runtime of the machine that asked.</summary>
    public required string Machine { get; init; }

    /// <summary>Base URL of the API without user information or query.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The kind of model server, where who started the run knows it: <c>sglang</c>, <c>vllm</c>, <c>endpoint</c>, ….</summary>
    public string? Server { get; init; }

    /// <summary>The server's version as it tells it.</summary>
    public string? ServerVersion { get; init; }

    /// <summary>Program and arguments that the server was started with; values that are secret by their names are left out.</summary>
    public IReadOnlyList<string>? ServerCommand { get; init; }

    /// <summary>The GPUs that the server was given: name, memory, driver and identifier in words.</summary>
    public IReadOnlyList<string>? Devices { get; init; }

    /// <summary>What the server says of the model that it serves (JSON), from its own description or its list of models.</summary>
    public string? ModelInfo { get; init; }

    /// <summary>Names, as in JSON, of what nobody told.</summary>
    public IEnumerable<string> FindUnknown()
    {
        if (GitCommit is null) yield return "git_commit";
        if (Server is null) yield return "server";
        if (ServerVersion is null) yield return "server_version";
        if (ServerCommand is null) yield return "server_command";
        if (Devices is null) yield return "devices";
        if (ModelInfo is null) yield return "model_info";
    }

    /// <summary>As JSON with snake-case names.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RunEnvironmentJson.Default.RunEnvironment);

    /// <summary>Reads <see cref="ToJson"/>.</summary>
    /// <exception cref="JsonException">The text is none.</exception>
    public static RunEnvironment Parse(string json) =>
        JsonSerializer.Deserialize(json, RunEnvironmentJson.Default.RunEnvironment) ?? throw new JsonException("An environment is null.");
}

/// <summary>An environment, and since when a run was asked in it.</summary>
/// <param name="At">The start, or the continuation, that it was recorded at.</param>
/// <param name="Environment">The environment.</param>
public sealed record RecordedEnvironment(DateTimeOffset At, RunEnvironment Environment);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 8)]
[JsonSerializable(typeof(RunEnvironment))]
internal sealed partial class RunEnvironmentJson : JsonSerializerContext;
