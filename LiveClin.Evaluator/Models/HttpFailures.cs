using System.ClientModel;
using System.Net.Sockets;

namespace LiveClin.Evaluator.Models;

/// <summary>Names and texts for what goes wrong below HTTP.</summary>
internal static class HttpFailures
{
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
