using System.Net;
using System.Net.Sockets;
using System.Text;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Tests.Models;

/// <summary>A server that says on each connection what a test wants, byte for byte.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private readonly List<Task> _open = [];
    private int _connections;

    public RawServer(Func<RawConnection, Task> serve)
    {
        _listener.Start();
        _serving = ServeAsync(serve);
    }

    public ModelEndpoint Endpoint => new(new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1"), "raw");

    /// <summary>How many connections were made so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Completes when the server has closed its side of one of the connections.</summary>
    /// <param name="number">1 for the first connection of a test; it must have been made.</param>
    public Task ClosedAsync(int number)
    {
        lock (_open) return _open[number - 1];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync(Func<RawConnection, Task> serve)
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                client.NoDelay = true;
                lock (_open) _open.Add(OneAsync(client, Interlocked.Increment(ref _connections)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(_open);
        }

        async Task OneAsync(Socket client, int number)
        {
            using var connection = new RawConnection(client, number, _stop.Token);
            try
            {
                await serve(connection);
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException)
            {
                // the client, or the test, has had enough
            }
        }
    }
}

/// <summary>The server's side of one connection.</summary>
internal sealed class RawConnection(Socket socket, int number, CancellationToken stopped) : IDisposable
{
    private byte[] _held = [];

    /// <summary>1 for the first connection of a test.</summary>
    public int Number => number;

    /// <summary>Reads one request; null when the client has closed.</summary>
    public async Task<(string Head, byte[] Body)?> ReadRequestAsync()
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var end = _held.AsSpan().IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                var head = Encoding.ASCII.GetString(_held, 0, end);
                var length = head.Split("\r\n").Where(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal))
                    .Select(line => int.Parse(line[16..], System.Globalization.CultureInfo.InvariantCulture)).SingleOrDefault();
                if (_held.Length >= end + 4 + length)
                {
                    var body = _held[(end + 4)..(end + 4 + length)];
                    _held = _held[(end + 4 + length)..];
                    return (head, body);
                }
            }

            var read = await socket.ReceiveAsync(buffer, stopped);
            if (read == 0) return null;
            _held = [.. _held, .. buffer.AsSpan(0, read)];
        }
    }

    public async Task SendAsync(string text) => await socket.SendAsync(Encoding.Latin1.GetBytes(text), stopped);

    /// <summary>Receives what has come of a request so far.</summary>
    public async Task ReceiveSomeAsync() => await socket.ReceiveAsync(new byte[64 * 1024], stopped);

    /// <summary>Receives until the client closes.</summary>
    public async Task WaitForCloseAsync()
    {
        var buffer = new byte[64 * 1024];
        while (await socket.ReceiveAsync(buffer, stopped) > 0) { }
    }

    /// <summary>Ends the connection with a reset.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    public void Dispose() => socket.Dispose();
}
