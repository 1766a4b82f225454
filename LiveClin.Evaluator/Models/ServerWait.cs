using System.ClientModel.Primitives;
using System.Globalization;
using System.Text.RegularExpressions;

namespace LiveClin.Evaluator.Models;

/// <summary>How long a server asks to wait, by its headers: a floor under the back-off, never a reason to come sooner.</summary>
internal static partial class ServerWait
{
    /// <summary>What is longer counts as this much.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private static readonly string[] Budgets = ["requests", "tokens"];

    /// <summary>The wait, or null when the server asks for none. Dates of the past and zero ask for none.</summary>
    public static TimeSpan? Of(PipelineResponseHeaders headers, DateTimeOffset now)
    {
        if (headers.TryGetValue("retry-after-ms", out var text) && Number(text) is { } milliseconds) return Limit(milliseconds / 1000);
        if (headers.TryGetValue("Retry-After", out text)) return RetryAfter(text, now);
        // A budget that is used up says when it is filled again.
        double? longest = null;
        foreach (var budget in Budgets)
        {
            if (!headers.TryGetValue($"x-ratelimit-remaining-{budget}", out var left) || Number(left) is not <= 0) continue;
            if (headers.TryGetValue($"x-ratelimit-reset-{budget}", out var reset) && Reset(reset, now) is { } seconds)
                longest = Math.Max(longest ?? 0, seconds);
        }

        return longest is { } wait ? Limit(wait) : null;
    }

    /// <summary>A Retry-After header: seconds or a date.</summary>
    public static TimeSpan? RetryAfter(string? value, DateTimeOffset now)
    {
        if (Number(value) is { } seconds) return Limit(seconds);
        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? Limit((date - now).TotalSeconds)
            : null;
    }

    // Samples: 6m0s · 250ms · 17 · 1767225600 (a moment, in seconds since 1970)
    internal static double? Reset(string? value, DateTimeOffset now)
    {
        if (Number(value) is { } number) return number > 1e9 ? number - now.ToUnixTimeSeconds() : number;
        if (value is null || !Duration().IsMatch(value)) return null;
        return Parts().Matches(value).Sum(part => double.Parse(part.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * part.Groups[2].Value switch
        {
            "ms" => 0.001,
            "m" => 60,
            "h" => 3600,
            "d" => 86400,
            _ => 1,
        });
    }

    internal static double? Number(string? value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    internal static TimeSpan? Limit(double seconds) => seconds <= 0 ? null : TimeSpan.FromSeconds(Math.Min(seconds, Longest.TotalSeconds));

    [GeneratedRegex(@"^(\d+(\.\d+)?(ms|s|m|h|d))+$")]
    private static partial Regex Duration();

    [GeneratedRegex(@"(\d+(?:\.\d+)?)(ms|s|m|h|d)")]
    private static partial Regex Parts();
}
