using System.Security.Cryptography;
using System.Text;

namespace LiveClin.Core.Results;

/// <summary>Everything that determines what a run asks: two runs with equal specifications ask the same questions in the same words.</summary>
public sealed record RunSpecification
{
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

    /// <summary>How images travel: <c>local</c> (data URIs) or <c>url</c>.</summary>
    public required string ImageMode { get; init; }

    /// <summary>True when missing images are left out, as published, instead of being a data error.</summary>
    public bool AllowMissingImages { get; init; }

    /// <summary>Number of cases asked for, from the top of the release; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>The request's parameters as sent: canonical JSON of every body field except model and messages.</summary>
    public required string ParametersJson { get; init; }

    /// <summary>
    /// SHA-256 of what makes two runs the same one for a resume. The endpoint is not part of it: a managed server gets another port at each start.
    /// </summary>
    public string Key
    {
        get
        {
            var parts = string.Join('\n', Model, ApiId, ReleaseSha256, ImageMode, AllowMissingImages ? "missing" : "complete", Limit?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "all", ParametersJson);
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parts)));
        }
    }
}
