using System.ClientModel.Primitives;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace LiveClin.Evaluator.Models;

/// <summary>How long a server asks to wait, by its headers: a floor under the back-off, never a reason to come sooner.</summary>
internal static partial class ServerWait
{
    /// <summary>What is longer counts as this much.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    // Larger numbers are times since 1970.
    private const double FirstSeconds = 1e9, FirstMilliseconds = 1e11;

    // What is left of a budget, and when it is filled again.
    private static readonly (string Left, string Reset)[] Budgets =
    [
        // OpenAI and others · OpenRouter
        ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
        ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
        ("x-ratelimit-remaining", "x-ratelimit-reset"),

        // The draft of a standard · Cerebras
        ("ratelimit-remaining", "ratelimit-reset"),
        ("x-ratelimit-remaining-tokens-minute", "x-ratelimit-reset-tokens-minute"),
        ("x-ratelimit-remaining-requests-day", "x-ratelimit-reset-requests-day"),

        // Anthropic
        ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"),
        ("anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"),
        ("anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset"),
        ("anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset"),
    ];

    /// <summary>The wait, or null when the server asks for none. Dates of the past and zero ask for none.</summary>
    /// <param name="headers">The headers.</param>
    /// <param name="now">The time.</param>
    /// <param name="isThrottled">True for a 429: then some budget is used up.</param>
    public static TimeSpan? Of(PipelineResponseHeaders headers, DateTimeOffset now, bool isThrottled)
    {
        if (headers.TryGetValue("retry-after-ms", out var text) && Number(text) is > 0 and var milliseconds)
            return Limit(milliseconds / 1000);
        if (headers.TryGetValue("Retry-After", out text) && text?.Trim().Length > 0) return RetryAfter(text, now);
        return OfBudgets(headers, now, isThrottled) is { } wait ? Limit(wait) : null;
    }

    // A budget that is used up says when it is filled again. Gateways that leave out what is left of it are taken at their word when they
    // refuse: for the shortest of such times, and not for hours, which may belong to another window than the one that is used up.
    private static double? OfBudgets(PipelineResponseHeaders headers, DateTimeOffset now, bool isThrottled)
    {
        double? longest = null, unsure = null;
        foreach (var budget in Budgets)
        {
            if (!headers.TryGetValue(budget.Reset, out var reset) || Reset(reset, now) is not { } seconds) continue;
            if (!headers.TryGetValue(budget.Left, out var left)) unsure = Math.Min(unsure ?? seconds, seconds);
            else if (Number(left) is >= 0 and < 1) longest = Math.Max(longest ?? 0, seconds);
        }

        return longest ?? (isThrottled && unsure <= FailureRules.LongestWait.TotalSeconds ? unsure : null);
    }

    /// <summary>
    /// A Retry-After header: seconds or a date, and what servers make of it: <c>5s</c>, seconds since 1970, the header twice (<c>5, 5</c>).
    /// </summary>
    public static TimeSpan? RetryAfter(string? value, DateTimeOffset now)
    {
        if (value is null) return null;
        // HTTP's three forms of a date.
        if (RetryConditionHeaderValue.TryParse(value, out var condition) && condition.Date is { } known)
            return Limit((known - now).TotalSeconds);
        // .NET reads "11, 30" as the thirtieth of November, and "5.3" as a day in May: a date has a time and a letter or a line in it.
        if (value.Contains(':', StringComparison.Ordinal) && value.Any(sign => char.IsAsciiLetter(sign) || sign == '-'))
        {
            return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
                ? Limit((date - now).TotalSeconds)
                : null;
        }

        return value.Split(',').Max(each => Reset(each.Trim(' ', '"'), now)) is { } seconds ? Limit(seconds) : null;
    }

    /// <summary>A wait that a body asks for. Nobody says what its numbers count: such as would be hours are milliseconds.</summary>
    public static TimeSpan? OfBody(string? value, DateTimeOffset now) =>
        Number(value) is { } number && number > FailureRules.LongestWait.TotalSeconds && number < FirstSeconds
            ? Limit(number / 1000) : RetryAfter(value, now);

    // Samples: 6m0s · 250ms · 30 seconds · 17 · 1767225600 and 1767225600000 (seconds and milliseconds since 1970)
    // · 2026-01-01T00:00:00Z
    internal static double? Reset(string? value, DateTimeOffset now)
    {
        if (Number(value) is { } number)
        {
            return number > FirstMilliseconds ? (number - now.ToUnixTimeMilliseconds()) / 1000
                : number > FirstSeconds ? number - now.ToUnixTimeSeconds()
                : number;
        }

        if (value is null) return null;
        if (value.Contains('-', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            return (date - now).TotalSeconds;
        if (!Duration().IsMatch(value)) return null;
        return Parts().Matches(value)
            .Sum(part => double.Parse(part.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * part.Groups[2].Value switch
        {
            "ns" => 1e-9,
            "us" or "µs" => 1e-6,
            "ms" => 0.001,
            ['m', ..] => 60,
            ['h', ..] => 3600,
            ['d', ..] => 86400,
            _ => 1,
        });
    }

    internal static double? Number(string? value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    internal static TimeSpan? Limit(double seconds) => seconds <= 0 ? null : TimeSpan.FromSeconds(Math.Min(seconds, Longest.TotalSeconds));

    private const string Unit = "(?:ns|us|µs|ms|s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:ours?)?|d(?:ays?)?)";

    [GeneratedRegex($@"^(\d+(\.\d+)? ?{Unit} ?)+$")]
    private static partial Regex Duration();

    [GeneratedRegex($@"(\d+(?:\.\d+)?) ?({Unit})")]
    private static partial Regex Parts();
}
