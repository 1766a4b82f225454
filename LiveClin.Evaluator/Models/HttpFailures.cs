using System.ClientModel;
using System.Globalization;
using System.Net.Sockets;

namespace LiveClin.Evaluator.Models;

/// <summary>Names and texts for what goes wrong below HTTP.</summary>
internal static class HttpFailures
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>True for what <see cref="ModelConnection"/> throws when no whole HTTP reply came: not reached, hung up, no HTTP, or packed wrongly.</summary>
    public static bool IsFailure(Exception error) => error is HttpRequestException or IOException or InvalidDataException or ClientResultException;

    /// <summary><c>connection</c> when the server could not be reached, <c>interrupted</c> when it hung up.</summary>
    public static string KindOf(Exception error) => IsUnreachable(error) ? "connection" : "interrupted";

    /// <summary>The innermost reason, in one line.</summary>
    public static string Explain(Exception error)
    {
        while (error.InnerException is { } inner) error = inner;
        return ErrorText.Shorten(error.Message);
    }

    /// <summary>A Retry-After header: seconds or a date; never more than five minutes.</summary>
    public static TimeSpan? RetryAfter(string? value)
    {
        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds) && seconds >= 0)
            return Limit(TimeSpan.FromSeconds(Math.Min(seconds, LongestWait.TotalSeconds)));
        if (DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            return Limit(date - DateTimeOffset.UtcNow);
        return null;
    }

    private static bool IsUnreachable(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }) return true;
            if (error is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.HostUnreachable or SocketError.NetworkUnreachable }) return true;
        }

        return false;
    }

    private static TimeSpan Limit(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
}
