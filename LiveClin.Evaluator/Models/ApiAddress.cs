using System.Text.RegularExpressions;

namespace LiveClin.Evaluator.Models;

/// <summary>
/// Base addresses of OpenAI-compatible APIs as people write them: with and without <c>/v1</c>, a slash at the end, or a whole call.
/// </summary>
internal static partial class ApiAddress
{
    private const string DefaultPath = "/v1";
    private const string AzurePath = "/openai/v1";

    // What is copied from a page or a curl line is the address of a call.
    private static readonly string[] Calls = ["/chat/completions", "/models"];

    /// <summary>The address below which the calls are; its query (Azure's <c>?api-version=</c>) stays.</summary>
    public static Uri Of(Uri given)
    {
        var path = given.AbsolutePath.TrimEnd('/');
        if (Calls.FirstOrDefault(call => path.EndsWith(call, StringComparison.Ordinal)) is { } pasted)
            path = path[..^pasted.Length].TrimEnd('/');
        if (path.Length == 0) path = IsAzure(given) ? AzurePath : DefaultPath;
        return path == given.AbsolutePath ? given : new UriBuilder(given) { Path = path, Fragment = "" }.Uri;
    }

    /// <summary>The address of a call, with the base address's query.</summary>
    /// <param name="baseUrl">The base address.</param>
    /// <param name="call">The call, for example <c>models</c>.</param>
    public static Uri Below(Uri baseUrl, string call)
    {
        var address = new UriBuilder(Of(baseUrl));
        address.Path = $"{address.Path.TrimEnd('/')}/{call}";
        return address.Uri;
    }

    /// <summary>True for Azure's own form of the API, where the key travels as <c>api-key</c>.</summary>
    public static bool IsAzure(Uri address) => VersionOf(address) is not null
        || address.Host.EndsWith(".openai.azure.com", StringComparison.OrdinalIgnoreCase)
        || address.Host.EndsWith(".cognitiveservices.azure.com", StringComparison.OrdinalIgnoreCase);

    /// <summary>The address without user information and without a query, which may hold a key; Azure's version of the API stays.</summary>
    public static string Shown(Uri address) =>
        address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
        + (VersionOf(address) is { } version ? $"?api-version={version}" : "");

    // Sample: https://NAME.openai.azure.com/openai/deployments/gpt-4o?api-version=2024-10-21
    private static string? VersionOf(Uri address) =>
        Version().Match(address.Query) is { Success: true } found ? found.Groups[1].Value : null;

    [GeneratedRegex(@"[?&]api-version=([A-Za-z0-9.-]{1,40})(?:&|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
