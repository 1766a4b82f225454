using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Orchestration;

/// <summary>Hands out free ports. They lie below the range from which Linux takes ports of outgoing connections, so that none is taken between allocation and use.</summary>
internal sealed class PortAllocator
{
    private const int First = 20_000;
    private const int Last = 32_000;
    private readonly Lock _lock = new();
    private readonly HashSet<int> _given = [];

    public int Allocate()
    {
        lock (_lock)
        {
            for (var attempt = 0; attempt < 1000; attempt++)
            {
                var port = Random.Shared.Next(First, Last);
                if (!_given.Contains(port) && IsFree(port))
                {
                    _given.Add(port);
                    return port;
                }
            }
        }

        throw new DistributedApplicationException($"No free port was found between {First} and {Last}.");
    }

    public void Release(int port)
    {
        lock (_lock) _given.Remove(port);
    }

    /// <summary>True when a server could listen there now.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
            listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
