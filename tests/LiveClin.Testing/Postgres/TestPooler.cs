using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace LiveClin.Testing.Postgres;

/// <summary>
/// A stand-in for a pooler such as PgBouncer: clients see numbers of its own for their sessions, and in transaction mode a session goes to
/// whoever comes next as soon as no transaction is open on it.
/// </summary>
public sealed class TestPooler : IAsyncDisposable
{
    private const int StartHeader = 4, MessageHeader = 5, KeyLength = 8;
    private const int RequestForTls = 80877103, RequestForGss = 80877104;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentStack<Session> _free = new();
    private readonly CancellationTokenSource _end = new();
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly bool _byTransaction;

    /// <param name="server">Connection string of the database behind it, on this machine.</param>
    /// <param name="byTransaction">True for transaction mode, false for session mode.</param>
    public TestPooler(string server, bool byTransaction)
    {
        (_server, _byTransaction) = (new NpgsqlConnectionStringBuilder(server), byTransaction);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Connection string of the same database through it.</summary>
    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder(_server.ConnectionString)
        {
            Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        foreach (var session in _free) session.Stream.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync((await _listener.AcceptTcpClientAsync(_end.Token)).GetStream());
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(NetworkStream client)
    {
        Session? session = null;
        try
        {
            var start = await ReadStartAsync(client);
            if (_byTransaction && _free.TryPop(out session)) await client.WriteAsync(session.Greeting, _end.Token);
            else session = await OpenAsync(client, start);
            if (_byTransaction) GiveBack(ref session);
            while (await ReadAsync(client) is var message && message[0] != 'X')
            {
                while (session is null && !_free.TryPop(out session)) await Task.Delay(1, _end.Token);
                await session.Stream.WriteAsync(message, _end.Token);
                if (message[0] is not ((byte)'Q' or (byte)'S')) continue;
                while (true)
                {
                    var answer = await ReadAsync(session.Stream);
                    await client.WriteAsync(answer, _end.Token);
                    if (answer[0] != 'Z') continue;
                    if (_byTransaction && answer[^1] == 'I') GiveBack(ref session);
                    break;
                }
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One of both has gone.
        }
        finally
        {
            session?.Stream.Dispose();
            client.Dispose();
        }
    }

    private void GiveBack(ref Session? session)
    {
        _free.Push(session!);
        session = null;
    }

    // The server asks the client itself for a password; then the greeting, with a number of the pooler's own.
    private async Task<Session> OpenAsync(NetworkStream client, byte[] start)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(_server.Host!, _server.Port, _end.Token);
        var server = connection.GetStream();
        await server.WriteAsync(start, _end.Token);
        var greeting = new MemoryStream();
        while (true)
        {
            var message = await ReadAsync(server);
            if (message[0] == 'K') RandomNumberGenerator.Fill(message.AsSpan(MessageHeader, KeyLength));
            await client.WriteAsync(message, _end.Token);
            var isAuthentication = message[0] == 'R';
            var isDone = isAuthentication && BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(MessageHeader)) == 0;
            if (!isAuthentication || isDone) greeting.Write(message);
            if (message[0] == 'Z') return new Session(server, greeting.ToArray());
            // The last message of SCRAM is followed by one that needs no answer.
            const int LastOfScram = 12;
            if (isAuthentication && !isDone && BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(MessageHeader)) != LastOfScram)
                await server.WriteAsync(await ReadAsync(client), _end.Token);
        }
    }

    private async Task<byte[]> ReadStartAsync(NetworkStream client)
    {
        while (true)
        {
            var start = await ReadAsync(client, StartHeader);
            if (BinaryPrimitives.ReadInt32BigEndian(start.AsSpan(StartHeader)) is not (RequestForTls or RequestForGss)) return start;
            await client.WriteAsync("N"u8.ToArray(), _end.Token);
        }
    }

    // The length counts itself, and not the letter before it.
    private async Task<byte[]> ReadAsync(NetworkStream from, int header = MessageHeader)
    {
        var begin = new byte[header];
        await from.ReadExactlyAsync(begin, _end.Token);
        var message = new byte[header - StartHeader + BinaryPrimitives.ReadInt32BigEndian(begin.AsSpan(header - StartHeader))];
        begin.CopyTo(message, 0);
        await from.ReadExactlyAsync(message.AsMemory(header), _end.Token);
        return message;
    }

    private sealed record Session(NetworkStream Stream, byte[] Greeting);
}
