using System.ClientModel.Primitives;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Tests.Rates;

/// <summary>How long a server asks to wait, by its headers.</summary>
public sealed class ServerWaitTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("Retry-After: 5", 5.0)]
    [InlineData("retry-after-ms: 250 | Retry-After: 1", 0.25)]
    [InlineData("retry-after-ms: 0 | Retry-After: 5", 5.0)]
    [InlineData("retry-after-ms: 0", null)]
    [InlineData("Retry-After: 0 | x-ratelimit-remaining-requests: 0 | x-ratelimit-reset-requests: 4s", null)]
    [InlineData("Retry-After: Thu, 01 Jan 1970 00:00:00 GMT", null)]
    [InlineData("Retry-After: Fri, 02 Jan 2026 03:04:15 GMT", 10.0)]
    [InlineData("Retry-After: Friday, 02-Jan-26 03:04:15 GMT", 10.0)]
    [InlineData("Retry-After: 2026-01-02T03:04:15Z", 10.0)]
    [InlineData("Retry-After: Fri Jan  2 03:04:15 2026", 10.0)]
    [InlineData("Retry-After: Fri, 02 Jan 2026 03:04:15 UTC", 10.0)]
    [InlineData("Retry-After: 5 s", 5.0)]
    [InlineData("Retry-After: 30 seconds", 30.0)]
    [InlineData("Retry-After: 1m 5s", 65.0)]
    [InlineData("Retry-After: \"5\"", 5.0)]
    [InlineData("x-ratelimit-remaining-requests: -1 | x-ratelimit-reset-requests: 60s", null)] // there is no limit
    [InlineData("Retry-After: 5s", 5.0)]
    [InlineData("Retry-After: 1m5s", 65.0)]
    [InlineData("Retry-After: 5, 5", 5.0)] // the header came twice
    [InlineData("Retry-After: 11, 30", 30.0)] // and is no thirtieth of November
    [InlineData("Retry-After: 1767323050", 5.0)]
    [InlineData("Retry-After: 12:30", null)]
    [InlineData("Retry-After: soon", null)]
    [InlineData("ratelimit-remaining: 0 | ratelimit-reset: 7", 7.0)]
    [InlineData("x-ratelimit-remaining-tokens-minute: 0 | x-ratelimit-reset-tokens-minute: 21.5", 21.5)]
    [InlineData("x-ratelimit-remaining-requests: 0 | x-ratelimit-reset-requests: 1s500µs", 1.0005)]
    [InlineData("Retry-After: | x-ratelimit-remaining-requests: 0 | x-ratelimit-reset-requests: 4s", 4.0)]
    [InlineData("x-ratelimit-remaining-requests: 0 | x-ratelimit-reset-requests: 6m0.5s", 360.5)]
    [InlineData("x-ratelimit-remaining-requests: 0 | x-ratelimit-reset-requests: 250ms", 0.25)]
    [InlineData("x-ratelimit-remaining-requests: 0 | x-ratelimit-reset-requests: 1767323050", 5.0)]
    [InlineData("x-ratelimit-remaining-requests: 0 | x-ratelimit-reset-requests: 1767323050500", 5.5)]
    [InlineData("x-ratelimit-remaining-requests: 0 | x-ratelimit-reset-requests: 2026-01-02T03:04:11Z", 6.0)]
    [InlineData("x-ratelimit-remaining-requests: 1 | x-ratelimit-reset-requests: 4s", null)]
    [InlineData("x-ratelimit-remaining-requests: 0 | x-ratelimit-reset-requests: soon", null)]
    [InlineData("x-ratelimit-remaining-requests: 0 | x-ratelimit-reset-requests: -7", null)]
    [InlineData("X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 1767323052000", 7.0)]
    [InlineData("anthropic-ratelimit-requests-remaining: 0 | anthropic-ratelimit-requests-reset: 2026-01-02T03:04:13Z", 8.0)]
    [InlineData("anthropic-ratelimit-output-tokens-remaining: 0 | anthropic-ratelimit-output-tokens-reset: 2026-01-02T04:04:14+01:00", 9.0)]
    [InlineData("x-ratelimit-remaining-requests: 0 | x-ratelimit-reset-requests: 99999999999999999999", 2592000.0)]
    public void It_is_read_in_every_form(string headers, double? seconds) =>
        Assert.Equal(seconds, ServerWait.Of(new Headers(headers), Now, isThrottled: false)?.TotalSeconds);

    [Theory]
    [InlineData("x-ratelimit-reset: 1767323050", 5.0)]
    [InlineData("x-ratelimit-limit-requests: 60 | x-ratelimit-reset-requests: 8s | x-ratelimit-reset-tokens: 2s", 2.0)]
    [InlineData("x-ratelimit-reset-requests: 8s | x-ratelimit-remaining-tokens: 0 | x-ratelimit-reset-tokens: 9s", 9.0)]
    [InlineData("x-ratelimit-remaining-requests: 1 | x-ratelimit-reset-requests: 4s", null)] // another limit than this one
    [InlineData("x-ratelimit-remaining-tokens: -1 | x-ratelimit-reset-tokens: 0", null)] // as Azure has sent
    [InlineData("x-ratelimit-reset: 86400", null)] // the day's, perhaps
    public void A_refusal_for_too_many_requests_may_leave_out_what_is_left(string headers, double? seconds)
    {
        Assert.Equal(seconds, ServerWait.Of(new Headers(headers), Now, isThrottled: true)?.TotalSeconds);
        if (headers.Contains("remaining", StringComparison.Ordinal)) return;
        Assert.Null(ServerWait.Of(new Headers(headers), Now, isThrottled: false)); // an error of another kind says nothing of budgets
    }

    [Theory]
    [InlineData("x-ratelimit-remaining-requests: 0 | x-ratelimit-reset-requests: 2026-01-02T03:04:11Z")]
    [InlineData("anthropic-ratelimit-requests-remaining: 0 | anthropic-ratelimit-requests-reset: 2026-01-02T03:04:11Z")]
    public void A_budget_of_requests_is_told_beside_any_reply(string headers) =>
        Assert.Equal(new RateLimits(0, TimeSpan.FromSeconds(6), null, null), RateLimits.Of(new Headers(headers), Now));

    [Fact]
    public void Less_than_nothing_is_no_budget() =>
        Assert.Null(RateLimits.Of(new Headers("x-ratelimit-remaining-requests: -1 | x-ratelimit-reset-requests: 60s"), Now));

    [Theory]
    [InlineData("2.5", 2.5)]
    [InlineData("\"3s\"", 3.0)]
    public void A_body_may_tell_it_too(string wait, double seconds)
    {
        var error = ServerError.Read(System.Text.Encoding.UTF8.GetBytes($$$"""{"error":{"message":"busy","retry_after":{{{wait}}}}}"""));
        Assert.Equal(seconds, error.RetryAfter?.TotalSeconds);
    }

    private sealed class Headers(string text) : PipelineResponseHeaders
    {
        private readonly Dictionary<string, string> _fields = text.Split(" | ")
            .Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase);

        public override IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _fields.GetEnumerator();

        public override bool TryGetValue(string name, out string? value) => _fields.TryGetValue(name, out value);

        public override bool TryGetValues(string name, out IEnumerable<string>? values)
        {
            values = _fields.TryGetValue(name, out var value) ? [value] : null;
            return values is not null;
        }
    }
}
