using System.Net.Sockets;
using System.Text;
using LiveClin.Evaluator.Models;
using LiveClin.Evaluator.Transport;

namespace LiveClin.Evaluator.Tests.Transport;

/// <summary>The way over plain sockets, against servers that behave and servers that do not.</summary>
public sealed class DirectTransportTests
{
    private const string Reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static readonly SegmentedBody Hello = Body("{\"hello\":", "1}");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sends_what_the_SDK_sends_and_uses_a_connection_again()
    {
        var heads = new List<string>();
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                heads.Add(request.Head);
                Assert.Equal(request.Head.StartsWith("GET", StringComparison.Ordinal) ? "" : "{\"hello\":1}", Encoding.ASCII.GetString(request.Body));
                await connection.SendAsync(Reply);
            }
        });
        using var transport = new DirectTransport(server.Endpoint with { ApiKey = "sk-x" });
        Assert.Equal("ok", Encoding.ASCII.GetString((await transport.ListModelsAsync(Cancellation)).Body.Span));
        for (var i = 0; i < 3; i++) Assert.Equal(200, (await transport.CompleteChatAsync(Hello, Cancellation)).Status);

        Assert.Equal(1, server.Connections);
        Assert.Equal($"GET /v1/models HTTP/1.1\r\nHost: {server.Endpoint.BaseUrl.Authority}\r\nUser-Agent: LiveClin\r\nAccept: application/json\r\nAccept-Encoding: identity\r\nAuthorization: Bearer sk-x", heads[0]);
        Assert.Equal($"POST /v1/chat/completions HTTP/1.1\r\nHost: {server.Endpoint.BaseUrl.Authority}\r\nUser-Agent: LiveClin\r\nAccept: application/json\r\nAccept-Encoding: identity\r\nAuthorization: Bearer sk-x\r\nContent-Type: application/json\r\nContent-Length: 11", heads[1]);
    }

    [Fact]
    public async Task A_large_body_of_many_segments_arrives_whole_at_a_server_that_reads_slowly()
    {
        var segments = Enumerable.Range(0, 2000).Select(i => new string((char)('a' + i % 26), 1 + i % 7 * 1000)).ToArray();
        await using var server = new RawServer(async connection =>
        {
            var request = await connection.ReadRequestAsync();
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 64\r\n\r\n{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(request!.Value.Body))}");
        });
        using var transport = new DirectTransport(server.Endpoint);
        var reply = await transport.CompleteChatAsync(Body([.. segments]), Cancellation);
        Assert.Equal(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(segments)))), Encoding.ASCII.GetString(reply.Body.Span));
    }

    [Fact]
    public async Task A_connection_that_the_server_closed_meanwhile_is_not_used_again()
    {
        var closed = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(Reply);
            connection.Dispose();
            closed.TrySetResult();
        });
        using var transport = new DirectTransport(server.Endpoint);
        await transport.CompleteChatAsync(Hello, Cancellation);
        await closed.Task.WaitAsync(Cancellation);
        Assert.Equal(200, (await transport.CompleteChatAsync(Hello, Cancellation)).Status);
        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and something unasked")]
    public async Task A_connection_in_doubt_is_not_used_again(string reply)
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(reply);
            await connection.WaitForCloseAsync();
        });
        using var transport = new DirectTransport(server.Endpoint);
        for (var i = 0; i < 2; i++) Assert.Equal("ok", Encoding.ASCII.GetString((await transport.CompleteChatAsync(Hello, Cancellation)).Body.Span));
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task A_refusal_before_the_whole_body_was_read_is_heard()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReceiveSomeAsync();
            await connection.SendAsync("HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlarge");
            connection.Reset();
        });
        using var transport = new DirectTransport(server.Endpoint);
        // A reset may overtake the words before it; then it is the reset that is told.
        try
        {
            Assert.Equal((413, "large"), await ReadAsync());
        }
        catch (HttpRequestException error)
        {
            Assert.Equal("interrupted", HttpFailures.KindOf(error));
        }

        async Task<(int, string)> ReadAsync()
        {
            var reply = await transport.CompleteChatAsync(Body(new string('x', 20_000_000)), Cancellation);
            return (reply.Status, Encoding.ASCII.GetString(reply.Body.Span));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")]
    [InlineData("220 smtp.example.com ESMTP\r\n")]
    public async Task A_server_that_hangs_up_or_speaks_something_else_interrupts(string reply)
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            if (reply.Length > 0) await connection.SendAsync(reply);
        });
        using var transport = new DirectTransport(server.Endpoint);
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => transport.CompleteChatAsync(Hello, Cancellation));
        Assert.Equal("interrupted", HttpFailures.KindOf(error));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/v1")]
    [InlineData("http://no-such-host.invalid:{0}/v1")]
    public async Task A_server_that_is_not_there_is_not_reached(string url)
    {
        using var unused = new Socket(SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.IPv6Any, 0)); // bound, not listening
        var port = ((System.Net.IPEndPoint)unused.LocalEndPoint!).Port;
        using var transport = new DirectTransport(new ModelEndpoint(new Uri(string.Format(System.Globalization.CultureInfo.InvariantCulture, url, port)), "m"));
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => transport.CompleteChatAsync(Hello, Cancellation));
        Assert.Equal("connection", HttpFailures.KindOf(error));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Waiting_ends_when_it_is_cancelled(bool whileSending)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var server = new RawServer(async connection =>
        {
            if (!whileSending) await connection.ReadRequestAsync();
            await cancel.CancelAsync();
            await connection.WaitForCloseAsync();
        });
        using var transport = new DirectTransport(server.Endpoint);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transport.CompleteChatAsync(whileSending ? Body(new string('x', 50_000_000)) : Hello, cancel.Token));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/v1", null, true)]
    [InlineData("http://localhost:1/v1", "sk-1", true)]
    [InlineData("https://127.0.0.1:1/v1", null, false)]
    [InlineData("http://user@127.0.0.1:1/v1", null, false)]
    [InlineData("http://127.0.0.1:1/v1?version=2", null, false)]
    [InlineData("http://127.0.0.1:1/v1", "sk\r\nX-Header: 1", false)]
    public void Serves_plain_addresses_only(string url, string? key, bool serves) =>
        Assert.Equal(serves, DirectTransport.Serves(new ModelEndpoint(new Uri(url), "m") { ApiKey = key }));

    private static SegmentedBody Body(params string[] segments) =>
        new([.. segments.Select(segment => new ArraySegment<byte>(Encoding.ASCII.GetBytes(segment)))], segments.Sum(segment => segment.Length));
}
