using System.Text.Json.Serialization;
using LiveClin.Core.Results;

namespace LiveClin.Core.Bundles;

/// <summary><c>manifest.json</c>: what a bundle holds, who made it, and what is not known.</summary>
/// <param name="Format">Version of the bundle's form.</param>
/// <param name="ProgramVersion">Program that made it.</param>
/// <param name="GitCommit">Its commit; null when unknown.</param>
/// <param name="Release">The release.</param>
/// <param name="Runs">The runs, by identifier.</param>
public sealed record BundleManifest(int Format, string ProgramVersion, string? GitCommit, BundledRelease Release,
    IReadOnlyList<string> Runs)
{
    /// <summary>The form that this program writes.</summary>
    public const int CurrentFormat = 1;
}

/// <summary>The release that the runs were made on.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sha256">SHA-256 of its JSONL file.</param>
/// <param name="Cases">Number of cases.</param>
/// <param name="Questions">Number of questions.</param>
public sealed record BundledRelease(string Name, string Sha256, int Cases, int Questions);

/// <summary><c>runs/N/run.json</c>: what was asked, of whom, by what.</summary>
/// <param name="Id">Identifier.</param>
/// <param name="Specification">What it asks; the endpoint has neither user information nor query.</param>
/// <param name="Identity">SHA-256 of what it asks.</param>
/// <param name="Target">How much of it was asked for.</param>
/// <param name="Status">Its state.</param>
/// <param name="StatusReason">Why it stopped.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="ProgramVersion">Program that asked.</param>
/// <param name="GitCommit">Its commit.</param>
/// <param name="Source"><c>run</c>, or <c>import</c> for published results that were taken in.</param>
/// <param name="Environment">Where it ran.</param>
public sealed record BundledRun(
    string Id, RunSpecification Specification, string Identity, string Target, RunStatus Status, string? StatusReason,
        DateTimeOffset StartedAt, DateTimeOffset? FinishedAt,
    string ProgramVersion, string? GitCommit, string Source, BundledEnvironment Environment);

/// <summary>Where a run was made: what the store knows, and what it does not.</summary>
/// <param name="Machine">Operating system, cores and runtime of the asking machine.</param>
/// <param name="Unknown">What nobody recorded.</param>
public sealed record BundledEnvironment(string Machine, IReadOnlyList<string> Unknown)
{
    /// <summary>What stores of this version do not record of a model's server.</summary>
    public static IReadOnlyList<string> NotRecorded { get; } = ["gpu", "gpu_driver", "server_version", "server_arguments",
        "served_model_info"];
}

/// <summary>An image by its hash; the file itself is the release's.</summary>
/// <param name="File">Its name in the release.</param>
/// <param name="Sha256">SHA-256 of its bytes as the run saw them first.</param>
/// <param name="Bytes">Its size then.</param>
public sealed record BundledImage(string File, string Sha256, long Bytes);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 16)]
[JsonSerializable(typeof(BundleManifest))]
[JsonSerializable(typeof(BundledRun))]
[JsonSerializable(typeof(BundledImage))]
[JsonSerializable(typeof(StoredCase))]
[JsonSerializable(typeof(StoredPrompt))]
[JsonSerializable(typeof(Answer))]
[JsonSerializable(typeof(RunEvent))]
internal sealed partial class BundleJson : JsonSerializerContext;
