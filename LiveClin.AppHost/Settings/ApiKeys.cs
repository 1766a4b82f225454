using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Settings;

/// <summary>API keys: secret parameters, by name.</summary>
internal static class ApiKeys
{
    /// <summary>Stands for the key in the published tools' variable.</summary>
    public const string PublishedVariable = "your-api-key";

    /// <summary>The key of a name, or null. Hyphens may be written as underscores, as shells need.</summary>
    public static string? Find(IConfiguration configuration, string name) =>
        NonEmpty(configuration[$"Parameters:{name}"]) ?? NonEmpty(configuration[$"Parameters:{name.Replace('-', '_')}"]);

    /// <summary>True when the text can be a parameter's name.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= 64 && char.IsAsciiLetter(text[0]) && text[^1] != '-' && !text.Contains("--", StringComparison.Ordinal) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static string? NonEmpty(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
