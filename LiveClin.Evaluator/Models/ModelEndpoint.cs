namespace LiveClin.Evaluator.Models;

/// <summary>Where a model is served.</summary>
/// <param name="BaseUrl">
/// Base address of the OpenAI-compatible API as it was given: with or without <c>/v1</c>, a slash at the end, a query.
/// </param>
/// <param name="ApiId">The model's name on the wire.</param>
public sealed record ModelEndpoint(Uri BaseUrl, string ApiId)
{
    /// <summary>The address below which the calls are.</summary>
    public Uri BaseUrl { get; } = ApiAddress.Of(BaseUrl);

    /// <summary>Key for the Authorization header (Azure: <c>api-key</c>); never stored or logged.</summary>
    public string? ApiKey { get; init; }

    /// <summary>What is wrong with a key; null when it can travel in a header as it is.</summary>
    public static string? ProblemOf(string? apiKey) => apiKey is null || apiKey.All(c => c is > ' ' and <= '~')
        ? null
        : "must be printable ASCII without spaces and line ends, as it travels in a header.";

    /// <summary>
    /// The address without user information and query, as it may be stored and shown; of a query Azure's version of the API stays.
    /// </summary>
    public string SafeUrl => ApiAddress.Shown(BaseUrl);

    /// <inheritdoc/>
    public override string ToString() => $"{ApiId} at {SafeUrl}";
}
