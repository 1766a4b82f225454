using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Settings;

/// <summary>API keys: secret parameters, by name.</summary>
internal static partial class ApiKeys
{
    /// <summary>Stands for the key in the published tools' variable.</summary>
    public const string PublishedVariable = "your-api-key";

    /// <summary>The key of a name, or null. Hyphens may be written as underscores, as shells need.</summary>
    public static string? Find(IConfiguration configuration, string name) =>
        NonEmpty(configuration[$"Parameters:{name}"]) ?? NonEmpty(configuration[$"Parameters:{name.Replace('-', '_')}"]);

    /// <summary>True when the text can be a parameter's name.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= 64 && char.IsAsciiLetter(text[0]) && text[^1] != '-' && !text.Contains("--", StringComparison.Ordinal)
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>
    /// True when an environment variable's name says that its value is secret: <c>HF_TOKEN</c>, <c>AWS_SECRET_ACCESS_KEY</c>.
    /// </summary>
    public static bool IsSecret(string variable) => Secret().IsMatch(variable);

    /// <summary>The parameter that stands for a server's secret variable: <c>sglang-hf-token</c>.</summary>
    public static string NameFor(string server, string variable) =>
        string.Join('-', [server, .. variable.ToLowerInvariant().Split('_', StringSplitOptions.RemoveEmptyEntries)]);

    [GeneratedRegex("(?:^|_)(?:TOKEN|KEY|SECRET|PASSWORD)(?:_|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secret();

    private static string? NonEmpty(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
