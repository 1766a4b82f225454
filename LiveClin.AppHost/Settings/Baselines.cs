using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Settings;

/// <summary>The built-in baselines, which are evaluated when no model is configured.</summary>
internal static class Baselines
{
    public static IReadOnlyList<ModelSettings> All { get; } =
    [
        .. "ABCDEFGHIJ".Select(letter => Model($"baseline/always-{letter}")),
        Model("baseline/random"),
        Model("baseline/longest-option"),
        Model("baseline/overlap"),
    ];

    public static bool Exists(string apiId) => All.Any(b => b.ApiId == apiId);

    private static ModelSettings Model(string id) => new() { Name = id, ApiId = id, Server = ServerKind.Baseline };
}

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
