using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LiveClin.Evaluator.Transport;

/// <summary>A connection that carries one HTTP exchange at a time.</summary>
internal sealed class DirectConnection : IDisposable
{
    private const int LongestHead = 64 * 1024;
    private const int MostSegments = 512; // Linux takes 1024 in one call
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    private readonly Socket _socket;
    private byte[] _buffer = new byte[4096];
    private int _start, _end;
    private long _idleSince;

    private DirectConnection(Socket socket) => _socket = socket;

    /// <summary>True after an exchange when the connection is in order and the server keeps it open.</summary>
    public bool CanBeUsedAgain { get; private set; }

    /// <exception cref="HttpRequestException">The server was not reached.</exception>
    public static async Task<DirectConnection> OpenAsync(string host, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectTimeout);
        try
        {
            await socket.ConnectAsync(new DnsEndPoint(host, port), limit.Token).ConfigureAwait(false);
            return new DirectConnection(socket);
        }
        catch (Exception error)
        {
            socket.Dispose();
            if (error is SocketException refused)
                throw new HttpRequestException(refused.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData ? HttpRequestError.NameResolutionError : HttpRequestError.ConnectionError, refused.Message, refused);
            if (error is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw new HttpRequestException(HttpRequestError.ConnectionError, $"No connection within {ConnectTimeout.TotalSeconds:0} s.");
            throw;
        }
    }

    /// <summary>Whether an idle connection can carry another exchange: the server has neither closed it nor said anything unasked.</summary>
    public bool IsAlive(TimeSpan longestIdle)
    {
        try
        {
            return Stopwatch.GetElapsedTime(_idleSince) < longestIdle && !_socket.Poll(0, SelectMode.SelectRead);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Sends a request, whose segments are used up on the way, and reads the whole reply.</summary>
    /// <exception cref="HttpRequestException">The server hung up, or what it sent is no HTTP reply.</exception>
    public async Task<HttpReply> ExchangeAsync(List<ArraySegment<byte>> request, CancellationToken cancellationToken)
    {
        CanBeUsedAgain = false;
        // Closing the socket is what ends a send that waits for the server.
        using var abort = cancellationToken.UnsafeRegister(static socket => ((Socket)socket!).Dispose(), _socket);
        SocketException? unsent = null;
        try
        {
            try
            {
                await SendAsync(request).ConfigureAwait(false);
            }
            catch (SocketException error)
            {
                // A server that refuses a request may say why before it has read all of it.
                unsent = error;
            }

            var reader = new ResponseReader();
            while (!Read(reader))
            {
                var read = await _socket.ReceiveAsync(Room(), SocketFlags.None).ConfigureAwait(false);
                _end += read;
                if (read > 0) continue;
                reader.End();
                break;
            }

            CanBeUsedAgain = unsent is null && reader.KeepsAlive && _start == _end;
            _idleSince = Stopwatch.GetTimestamp();
            return reader.Reply;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or HttpRequestException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (error is HttpRequestException && unsent is null) throw;
            var cause = unsent ?? error;
            throw new HttpRequestException(HttpRequestError.ResponseEnded, $"The server hung up: {cause.Message}", cause);
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task SendAsync(List<ArraySegment<byte>> segments)
    {
        for (var first = 0; first < segments.Count;)
        {
            var next = first == 0 && segments.Count <= MostSegments ? segments : segments.GetRange(first, Math.Min(MostSegments, segments.Count - first));
            var sent = await _socket.SendAsync(next, SocketFlags.None).ConfigureAwait(false);
            for (; first < segments.Count && sent >= segments[first].Count; first++) sent -= segments[first].Count;
            if (sent > 0) segments[first] = segments[first][sent..];
        }
    }

    private bool Read(ResponseReader reader)
    {
        var complete = reader.Read(_buffer.AsSpan(_start, _end - _start), out var used);
        _start += used;
        return complete;
    }

    // Free space behind what is held and not read yet, which can only be a part of a line or head.
    private Memory<byte> Room()
    {
        if (_end - _start >= LongestHead) throw ResponseReader.Invalid($"its head is longer than {LongestHead / 1024} KiB");
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        return _buffer.AsMemory(_end);
    }
}
