using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Settings;

/// <summary>Reads values of a section; what cannot be read becomes a failure that names its key.</summary>
internal sealed class SectionReader(IConfigurationSection section, List<string> failures)
{
    public string? Text(string key, string? fallback, string? published = null) =>
        section[key] is { Length: > 0 } value ? value : published ?? fallback;

    public int? Number(string key) =>
        Parse(key, "a whole number", s => int.TryParse(s, NumberStyles.Integer, CultureInfo.InvariantCulture, out var v) ? v : (int?)null);

    public long? Long(string key) =>
        Parse(key, "a whole number", s => long.TryParse(s, NumberStyles.Integer, CultureInfo.InvariantCulture, out var v)
        ? v : (long?)null);

    public double? Real(string key) =>
        Parse(key, "a number", s => double.TryParse(s, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v)
        ? v : (double?)null);

    public bool Flag(string key, bool fallback) =>
        Parse(key, "true or false", s => bool.TryParse(s, out var v) ? v : (bool?)null) ?? fallback;

    public TimeSpan? Duration(string key)
    {
        var value = Parse(key, "a duration such as 00:30:00", s => TimeSpan.TryParse(s, CultureInfo.InvariantCulture, out var v)
            ? v : (TimeSpan?)null);
        if (value <= TimeSpan.Zero) failures.Add($"{section.Path}:{key}: {section[key]} is not a positive duration.");
        return value;
    }

    /// <summary>A day, or a month or year; which of its days is meant, the statistics know.</summary>
    public DateOnly? Date(string key) => Parse(key, "a date such as 2024-10-01 or 2024-10", s =>
        DateOnly.TryParseExact(s, ["yyyy-MM-dd", "yyyy-MM", "yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var v)
            ? v : (DateOnly?)null);

    public void RefuseUnknown(params string[] known)
    {
        foreach (var child in section.GetChildren().Where(c => !known.Contains(c.Key, StringComparer.OrdinalIgnoreCase)))
            failures.Add($"{child.Path}: there is no such setting. There are: {string.Join(", ", known)}.");
    }

    private T? Parse<T>(string key, string what, Func<string, T?> parse) where T : struct
    {
        if (section[key] is not { Length: > 0 } text) return null;
        var value = parse(text);
        if (value is null) failures.Add($"{section.Path}:{key}: '{text}' is not {what}.");
        return value;
    }
}
