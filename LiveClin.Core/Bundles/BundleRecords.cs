using System.Text.Json.Serialization;
using LiveClin.Core.Results;
using LiveClin.Core.Reviews;

namespace LiveClin.Core.Bundles;

/// <summary><c>manifest.json</c>: what a bundle holds, who made it, and what is not known.</summary>
/// <param name="Format">Version of the bundle's form.</param>
/// <param name="ProgramVersion">Program that made it.</param>
/// <param name="GitCommit">Its commit; null when unknown.</param>
/// <param name="Release">The release.</param>
/// <param name="Platform">Operating system and processor that its plots were drawn on, such as <c>linux-x64</c>.</param>
/// <param name="Runs">The runs, by identifier.</param>
public sealed record BundleManifest(int Format, string ProgramVersion, string? GitCommit, BundledRelease Release, string Platform,
    IReadOnlyList<string> Runs)
{
    /// <summary>The form that this program writes.</summary>
    public const int CurrentFormat = 3;
}

/// <summary>The release that the runs were made on.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sha256">SHA-256 of its JSONL file.</param>
/// <param name="Cases">Number of cases.</param>
/// <param name="Questions">Number of questions.</param>
/// <param name="Form">How the JSONL file is written (<see cref="JsonlForm"/>), so that its SHA-256 follows from the cases; null when it is
/// written in another way, and does not.</param>
public sealed record BundledRelease(string Name, string Sha256, int Cases, int Questions, string? Form);

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
/// <param name="Name">What people call its model and setting.</param>
/// <param name="Machine">Operating system, cores and runtime of the machine that began it.</param>
/// <param name="Environments">Where it was asked and answered, oldest first.</param>
/// <param name="Unknown">What nobody recorded of that.</param>
public sealed record BundledRun(
    string Id, RunSpecification Specification, string Identity, string Target, RunStatus Status, string? StatusReason,
    DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string ProgramVersion, string? GitCommit, string Source, string? Name,
    string Machine, IReadOnlyList<RecordedEnvironment> Environments, IReadOnlyList<string> Unknown);

/// <summary>A case that a run under a condition asks.</summary>
/// <param name="Ordinal">Position of the case.</param>
/// <param name="Hash">SHA-256 of everything that is asked of it.</param>
/// <param name="Questions">Its questions, as the store keeps them (JSON).</param>
public sealed record BundledRunCase(int Ordinal, string Hash, string Questions);

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
[JsonSerializable(typeof(BundledRunCase))]
[JsonSerializable(typeof(StoredCase))]
[JsonSerializable(typeof(StoredPrompt))]
[JsonSerializable(typeof(Verdict))]
[JsonSerializable(typeof(Answer))]
[JsonSerializable(typeof(RunEvent))]
internal sealed partial class BundleJson : JsonSerializerContext;
