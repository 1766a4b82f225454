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
        var requests = Number("x-ratelimit-remaining-requests");
        var reset = headers.TryGetValue("x-ratelimit-reset-requests", out var text) ? ServerWait.Reset(text, now) : null;
        var (perMinute, tokens) = (Number("x-ratelimit-limit-tokens"), Number("x-ratelimit-remaining-tokens"));
        if (requests is null && perMinute is null && tokens is null) return null;
        var wait = reset is { } seconds ? ServerWait.Limit(seconds) : null;
        return new RateLimits(requests, wait, perMinute is > 0 ? perMinute : null, tokens);

        double? Number(string name) => headers.TryGetValue(name, out var value) ? ServerWait.Number(value) : null;
    }
}
