using System.Globalization;

namespace LiveClin.Core.Results;

/// <summary>A database that cannot be reached, as its writer finds out when something is to be written.</summary>
/// <param name="Since">When the first attempt failed.</param>
/// <param name="Patience">How long writes wait for it from then on.</param>
public sealed record StoreOutage(DateTimeOffset Since, TimeSpan Patience)
{
    /// <summary>How long it lasted; null while it lasts.</summary>
    public TimeSpan? Lasted { get; init; }

    /// <summary>In words: <c>the database cannot be reached since 16:02:10 UTC; what is to be stored waits, for up to 10 min</c>.</summary>
    public string Describe() => Lasted is { } time
        ? $"the database is back after {InWords(time)}"
        : $"the database cannot be reached since {SinceText}; what is to be stored waits, for up to {InWords(Patience)}";

    /// <summary>When it began, as <c>16:02:10 UTC</c>.</summary>
    public string SinceText => string.Create(CultureInfo.InvariantCulture, $"{Since.UtcDateTime:HH:mm:ss} UTC");

    /// <summary>A time as outages are told: <c>1 min 5 s</c>.</summary>
    public static string InWords(TimeSpan time)
    {
        var seconds = (int)Math.Max(1, Math.Round(time.TotalSeconds));
        var (minutes, rest) = (seconds / 60, seconds % 60);
        string[] parts = [.. minutes > 0 ? [$"{minutes} min"] : Array.Empty<string>(), .. rest > 0 ? [$"{rest} s"] : Array.Empty<string>()];
        return string.Join(' ', parts);
    }
}
