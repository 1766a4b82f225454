using System.ClientModel.Primitives;

namespace LiveClin.Evaluator.Models;

/// <summary>What a server says of its limits beside any reply (<c>x-ratelimit-…</c>); null for what it does not say.</summary>
/// <param name="RequestsLeft">Requests that it still takes.</param>
/// <param name="RequestsReset">When it takes all again.</param>
/// <param name="TokensPerMinute">Tokens that it takes a minute.</param>
/// <param name="TokensLeft">Those that are left.</param>
internal sealed record RateLimits(double? RequestsLeft, TimeSpan? RequestsReset, double? TokensPerMinute, double? TokensLeft)
{
    /// <summary>Reads the headers of a reply; null when they say nothing.</summary>
    public static RateLimits? Of(PipelineResponseHeaders headers, DateTimeOffset now)
    {
        // Samples: x-ratelimit-remaining-requests: 59 · x-ratelimit-reset-requests: 1s · x-ratelimit-limit-tokens: 150000
        // · anthropic-ratelimit-requests-remaining: 0 · anthropic-ratelimit-requests-reset: 2026-01-01T00:00:00Z
        var requests = Number("x-ratelimit-remaining-requests") ?? Number("anthropic-ratelimit-requests-remaining");
        var isSaid = headers.TryGetValue("x-ratelimit-reset-requests", out var text)
            || headers.TryGetValue("anthropic-ratelimit-requests-reset", out text);
        var reset = isSaid ? ServerWait.Reset(text, now) : null;
        var (perMinute, tokens) = (Number("x-ratelimit-limit-tokens"), Number("x-ratelimit-remaining-tokens"));
        if (requests is null && perMinute is null && tokens is null) return null;
        var wait = reset is { } seconds ? ServerWait.Limit(seconds) : null;
        return new RateLimits(requests, wait, perMinute is > 0 ? perMinute : null, tokens);

        // Some write -1 where there is no limit.
        double? Number(string name) =>
            headers.TryGetValue(name, out var value) && ServerWait.Number(value) is >= 0 and var said ? said : null;
    }
}
