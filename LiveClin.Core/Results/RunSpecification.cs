using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using LiveClin.Core.Formats;

namespace LiveClin.Core.Results;

/// <summary>What a run asks, and of whom. How much of it is wanted is its <see cref="RunTarget"/> and no part of this.</summary>
public sealed record RunSpecification
{
    /// <summary>The condition under which cases are asked as they were published.</summary>
    public const string Published = Conditions.Condition.PublishedName;

    /// <summary>Display name of the model; also the <c>model_id</c> of exports.</summary>
    public required string Model { get; init; }

    /// <summary>The model name on the wire.</summary>
    public required string ApiId { get; init; }

    /// <summary>Base URL of the API without user information or query.</summary>
    public required string Endpoint { get; init; }

    /// <summary>SHA-256 of the release's JSONL file.</summary>
    public required string ReleaseSha256 { get; init; }

    /// <summary>Name of the release.</summary>
    public required string ReleaseName { get; init; }

    /// <summary>Name of the condition that cases are asked under (<see cref="Conditions.Condition"/>).</summary>
    public string Condition { get; init; } = Published;

    /// <summary>The model as formats without a field for conditions name it: <c>gpt-x</c>, <c>gpt-x · no-images</c>.</summary>
    public string ModelUnderCondition => Condition == Published ? Model : $"{Model} · {Condition}";

    /// <summary>How images travel: <c>local</c> (data URIs) or <c>url</c>.</summary>
    public required string ImageMode { get; init; }

    /// <summary>True when missing images are left out, as published, instead of being a data error.</summary>
    public bool AllowMissingImages { get; init; }

    /// <summary>The request's parameters as asked for: a JSON object of every body field except model and messages.</summary>
    public required string ParametersJson { get; init; }

    /// <summary>
    /// The identity in full, as canonical JSON: two runs with equal texts ask the same questions of the same model in the same words.
    /// Endpoint, concurrency, retries, time-outs and program version are no part of it, nor is the release's name.
    /// </summary>
    public string IdentityText => CanonicalJson.Of(new JsonObject
    {
        ["allow_missing_images"] = AllowMissingImages,
        ["api_id"] = ApiId,
        ["condition"] = Condition,
        ["image_mode"] = ImageMode,
        ["model"] = Model,
        ["parameters"] = JsonNode.Parse(ParametersJson),
        ["release_sha256"] = ReleaseSha256,
    }.ToJsonString());

    /// <summary>
    /// The <see cref="Identity"/> that the same model and setting has as published: what the conditions of a model have in common.
    /// </summary>
    public string SettingIdentity => (this with { Condition = Published }).Identity;

    /// <summary>SHA-256 of <see cref="IdentityText"/>, lower-case hexadecimal: what finds the run that a command continues.</summary>
    public string Identity => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(IdentityText)));
}
