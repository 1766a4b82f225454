using System.Net;
using System.Net.Sockets;

namespace LiveClin.Testing;

/// <summary>Ports of loopback for programs that must be told theirs before they start.</summary>
public static class FreePort
{
    // Below those that systems give to whoever asks for any port (Linux: from 32768 on). Of those, one that was free a moment ago is soon
    // another program's: every server and every client of the tests beside is given one of them. Below those of app hosts, too.
    private const int First = 20_000, End = 25_000;

    /// <summary>A port that nobody listens on, chosen by lot.</summary>
    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Any, port));
                return port;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // the next one
            }
        }
    }
}
