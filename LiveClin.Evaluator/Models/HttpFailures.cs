using System.ClientModel;
using System.Net.Sockets;

namespace LiveClin.Evaluator.Models;

/// <summary>Names and texts for what goes wrong below HTTP.</summary>
internal static class HttpFailures
{
    /// <summary>
    /// True for what <see cref="ModelConnection"/> throws when no whole HTTP reply came: not reached, hung up, no HTTP, or packed
    /// wrongly.
    /// </summary>
    public static bool IsFailure(Exception error) =>
        error is HttpRequestException or IOException or InvalidDataException or ClientResultException;

    /// <summary>A proxy refuses to pass anything on.</summary>
    public const string Proxy = "proxy";

    /// <summary>The server could not be reached.</summary>
    public const string Unreachable = "connection";

    /// <summary>
    /// <c>connection</c> when the server could not be reached, <c>proxy</c> when a proxy refused to, <c>interrupted</c> when it hung up.
    /// </summary>
    public static string KindOf(Exception error) => IsRefusedByProxy(error) ? Proxy : IsUnreachable(error) ? Unreachable : "interrupted";

    /// <summary>The innermost reason, in one line.</summary>
    public static string Explain(Exception error)
    {
        var hint = IsRefusedByProxy(error) ? " NO_PROXY names hosts that need no proxy." : "";
        while (error.InnerException is { } inner) error = inner;
        return ErrorText.Shorten(error.Message) + hint;
    }

    private static bool IsRefusedByProxy(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
            if (error is HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError }) return true;
        return false;
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
}
