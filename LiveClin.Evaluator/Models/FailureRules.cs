using System.Globalization;
using System.Text.Json;
using LiveClin.Core.Failures;

namespace LiveClin.Evaluator.Models;

/// <summary>Decides whose failure it is that no reply came: the question's, the moment's or the run's. The only place that does.</summary>
internal static class FailureRules
{
    /// <summary>Servers that ask for a longer wait than this are not waited for: the run stops at once and says so.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(30);

    // Limits are by the minute, the hour or the day. A header that asks for more is odd: where others are answered meanwhile the question is
    // asked again as after any other 429 or 503, and the run stops when every request gets one.
    private static readonly TimeSpan LongestLimit = TimeSpan.FromHours(48);

    /// <summary>A reply with a status other than 200.</summary>
    public static ModelCallException OfHttp(HttpReply reply)
    {
        var error = ServerError.Read(reply.Body);
        // What a proxy refuses looks like the server's own words.
        var proxy = reply is { Proxy: { } way, Status: 403 or 407 or 502 or 503 or 504 }
            ? $" (by way of the proxy {way}; NO_PROXY names hosts that need none)"
            : "";
        var words = $"HTTP {reply.Status}{proxy}: {(error.Message.Length > 0 ? error.Message : "no further text")}";
        var kind = $"http_{reply.Status}";
        // AWS, Google and gateways refuse with other statuses, too. 413 is none: a request that is too large for the limit stays so.
        var isThrottled = reply.Status == 429 || (reply.Status is 400 or 403 or >= 500 && ErrorCodes.IsRateLimit(error));
        var isMomentary = isThrottled || IsMomentary(reply.Status);
        if (isMomentary && reply.RetryAfter is null) reply = reply with { RetryAfter = error.RetryAfter };
        if (ErrorCodes.IsFilter(error) && reply.Status is 400 or 403 or 422 or 451) return Filtered(error.Message);
        if (reply.Status == 402 || ErrorCodes.IsCredit(error)) return NoCredit(kind, words);
        if (ErrorCodes.IsWrongCountry(error))
            return new ModelCallException(kind, FailureScope.Run,
                $"The API is not offered where this machine is ({words}).") { IsExplained = true };
        if (reply.Status == 400 && ErrorCodes.IsWrongKey(error)) return WrongKey(kind, words);
        if (ErrorCodes.IsRetired(error)) return new ModelCallException(kind, FailureScope.Run, words);
        if (reply.RetryAfter > LongestWait && isMomentary)
            return LongWait(kind, reply.RetryAfter.Value, words, isThrottled, !isThrottled && reply.Status is 503 or 529);
        if (isThrottled)
        {
            return new ModelCallException(kind, FailureScope.Transient, words) { RetryAfter = reply.RetryAfter, IsThrottled = true };
        }

        if (reply.IsCircle)
        {
            return new ModelCallException(kind, FailureScope.Run,
                $"HTTP {reply.Status}: the server redirects in a circle, in the end to {reply.Location} on itself. Is the base address "
                + "the right one?");
        }

        if (IsRedirect(reply.Status))
            return new ModelCallException(kind, FailureScope.Run,
                $"HTTP {reply.Status}: the server redirects to {reply.Location ?? "no address"}. If it can be trusted with the key, make it "
                + "the base address.");
        return OfRefusal(reply.Status, words, proxy.Length > 0) ?? reply.Status switch
        {
            503 or 529 => new ModelCallException(kind, FailureScope.Transient, words)
            {
                RetryAfter = reply.RetryAfter,
                IsOverloaded = true,
            },
            206 => new ModelCallException(kind, FailureScope.Transient, "HTTP 206: the server sent a part of its reply only."),
            var status when IsMomentary(status) => new ModelCallException(kind, FailureScope.Transient, words)
            {
                RetryAfter = reply.RetryAfter,
            },
            _ => new ModelCallException(kind, FailureScope.Question, words) { IsPermanent = true },
        };
    }

    // What concerns every question when it comes first, whether HTTP says so or an error in a reply.
    private static ModelCallException? OfRefusal(int? status, string words, bool isThroughProxy = false) => status switch
    {
        // One that worked a moment ago may be renewed just now.
        401 => new ModelCallException("http_401", FailureScope.Transient, words) { IsFatalAtFirst = true, IsPermanent = true },
        // 412: Fireworks, of a suspended account.
        403 or 404 or 405 or 412 => new ModelCallException($"http_{status}", FailureScope.Question, words)
        {
            IsFatalAtFirst = true, IsPermanent = true, IsThroughProxy = isThroughProxy,
        },
        407 or 410 => new ModelCallException($"http_{status}", FailureScope.Run, words),
        400 or 413 or 422 => new ModelCallException($"http_{status}", FailureScope.Question, words) { IsPermanent = true },
        _ => null,
    };

    /// <summary>An error that came with status 200.</summary>
    /// <param name="error">The error.</param>
    /// <param name="hasBegun">
    /// True behind a part of a reply, which a wrong request would not have got: vLLM calls all that goes wrong in a stream a bad request.
    /// </param>
    public static ModelCallException OfBody(ServerError error, bool hasBegun = false)
    {
        if (ErrorCodes.IsFilter(error)) return Filtered(error.Message);
        if (ErrorCodes.IsCredit(error)) return NoCredit("server_error", error.Message);
        if (ErrorCodes.IsWrongKey(error)) return WrongKey("server_error", error.Message);
        if (ErrorCodes.IsRateLimit(error))
        {
            return error.RetryAfter > LongestWait ? LongWait("server_error", error.RetryAfter.Value, error.Message, isThrottled: true)
                : new ModelCallException("server_error", FailureScope.Transient, error.Message)
                {
                    IsThrottled = true, RetryAfter = error.RetryAfter,
                };
        }

        // In a body a proxy of the gateway's speaks, and not one on the way there.
        var isTold = error.Status != 407 && !(hasBegun && error.Status is 400 or 413 or 422);
        return OfRefusal(isTold ? error.Status : null, $"HTTP 200 with the error {error.Status}: {error.Message}")
            ?? new ModelCallException("server_error", FailureScope.Transient, error.Message);
    }

    /// <summary>A body with status 200 that is no chat completion.</summary>
    public static ModelCallException OfNoCompletion(ReadOnlyMemory<byte> body, Exception cause)
    {
        var error = ServerError.Read(body);
        if (error.IsWebPage)
            return new ModelCallException("web_page", FailureScope.Transient,
                $"The server's reply is a web page; is the base URL right? It begins: {error.Message}", cause) { IsFatalAtFirst = true };
        if (error.Codes.Count > 0) return OfBody(error);
        if (error.IsCompressed) return new ModelCallException("malformed_reply", FailureScope.Transient, error.Message, cause);
        if (error.Message.Length == 0)
            return new ModelCallException("malformed_reply", FailureScope.Transient, "The server's reply is empty.", cause);
        // Not valid JSON, or JSON of another shape: its beginning tells more than where it went wrong.
        var why = ReplyJson.IsTooDeep(body.Span) ? $"it is nested deeper than {ReplyJson.Deepest} levels"
            : cause.Message.TrimEnd('.');
        return new ModelCallException("malformed_reply", FailureScope.Transient,
            $"The server's reply is not a chat completion: {why}. It says: {error.Message}", cause);
    }

    /// <summary>A reply that was broken off: no answer, whatever there is of it.</summary>
    public static ModelCallException BrokenOff(string why, string? finish) =>
        new("broken_off", FailureScope.Transient, $"The reply was broken off: {why}") { FinishReason = finish };

    /// <summary>A provider's filter withheld prompt or reply.</summary>
    public static ModelCallException Filtered(string words, string? finish = null) =>
        new("content_filter", FailureScope.Question, words) { FinishReason = finish };

    /// <summary>A question at which the model's server ends, or stops answering.</summary>
    public static ModelCallException OfServerLoss(string kind, string reason) => new(kind, FailureScope.Question,
        $"The server was lost at this question twice, the second time with nothing else under way: {reason}") { IsPermanent = true };

    private static ModelCallException LongWait(
        string kind, TimeSpan wait, string words, bool isThrottled, bool isOverloaded = false) => new(
        kind, wait <= LongestLimit ? FailureScope.Run : FailureScope.Transient,
        $"The server asks to wait {Duration(wait)} ({words}). The same command goes on then.")
    {
        IsFatalAtFirst = true, IsPermanent = true, IsExplained = true, IsForNow = true,
        IsThrottled = isThrottled, IsOverloaded = isOverloaded,
    };

    private static ModelCallException NoCredit(string kind, string words) => new(
        kind, FailureScope.Run, $"The account has no credit or quota left ({words}). The same command goes on when it has.")
    {
        IsExplained = true, IsForNow = true,
    };

    private static ModelCallException WrongKey(string kind, string words) =>
        new(kind, FailureScope.Run, $"The server refuses the API key ({words}). {SettingWords.GiveKey}") { IsExplained = true };

    // 424: TGI and Bedrock, of a model that failed while it answered. 449: Microsoft's "retry with". 498: Groq has no capacity.
    // 499: nginx says that its client has gone, which was a proxy on the way.
    private static bool IsMomentary(int status) => status is 408 or 409 or 424 or 425 or 429 or 449 or 498 or 499 or >= 500;

    private static bool IsRedirect(int status) => status is 301 or 302 or 303 or 307 or 308;

    /// <summary>How long a wait is, in words.</summary>
    public static string Duration(TimeSpan wait) => wait switch
    {
        // What is cut off there is absurd, and nobody's plan.
        _ when wait >= ServerWait.Longest => string.Create(CultureInfo.InvariantCulture, $"{wait.TotalDays:0} days or more"),
        { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{wait.TotalDays:0.#} days"),
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{wait.TotalHours:0.#} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{wait.TotalMinutes:0} min"),
    };
}
