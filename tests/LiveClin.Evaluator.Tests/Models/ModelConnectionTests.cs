using System.ClientModel;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using LiveClin.Evaluator.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveClin.Evaluator.Tests.Models;

/// <summary>Requests to servers that behave and to servers that do not, byte for byte.</summary>
public sealed class ModelConnectionTests : IDisposable
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private readonly ModelClientFactory _clients = new(NullLoggerFactory.Instance, TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static BinaryContent Hello => Body("{\"hello\":", "1}");

    public void Dispose() => _clients.Dispose();

    [Theory]
    [InlineData("/v1")]
    [InlineData("/v1/")]
    public async Task Asks_below_the_base_address_with_the_key_and_uses_a_connection_again(string path)
    {
        var heads = new List<string>();
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                heads.Add(request.Head);
                Assert.Equal(request.Head.StartsWith("GET", StringComparison.Ordinal) ? "" : "{\"hello\":1}",
                    Encoding.ASCII.GetString(request.Body));
                await connection.SendAsync(Ok);
            }
        });
        var connection = _clients.Connect(new ModelEndpoint(new Uri(server.Endpoint.BaseUrl, path), "raw") { ApiKey = "sk-x" });
        Assert.Equal("ok", Encoding.ASCII.GetString((await connection.ListModelsAsync(Cancellation)).Body.Span));
        for (var i = 0; i < 3; i++) Assert.Equal(200, (await connection.CompleteChatAsync(Hello, Cancellation)).Status);

        Assert.Equal(1, server.Connections);
        Assert.StartsWith("GET /v1/models HTTP/1.1\r\n", heads[0], StringComparison.Ordinal);
        Assert.All(heads, head => Assert.Contains("Authorization: Bearer sk-x", head.Split("\r\n")));
        Assert.All(heads.Skip(1), head =>
        {
            Assert.StartsWith("POST /v1/chat/completions HTTP/1.1\r\n", head, StringComparison.Ordinal);
            Assert.Contains("Content-Type: application/json", head.Split("\r\n"));
            Assert.Contains("Content-Length: 11", head.Split("\r\n"));
        });
    }

    [Theory]
    [InlineData("""[{"id":"raw"}]""", true)] // Together: the list itself
    [InlineData("""{"data":[{"id":"models/raw"}]}""", true)] // Gemini
    [InlineData("""[{"id":"models/rawer"}]""", false)]
    public async Task A_list_of_models_is_read_as_servers_write_it(string list, bool isListed)
    {
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
                await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {list.Length}\r\n\r\n{list}");
        });

        var state = await new EndpointProbe(_clients).CheckAsync(server.Endpoint, Cancellation);

        Assert.Equal((isListed, isListed), (state.Doubt is null, state.ModelInfo is not null));
    }

    [Theory]
    [InlineData(700)]
    [InlineData(999)]
    public async Task A_status_that_HTTP_has_not_is_the_servers_failure(int status)
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync($"HTTP/1.1 {status} Odd\r\nContent-Length: 2\r\n\r\n{{}}");
        });
        var failure = await FailAsync(_clients, server.Endpoint);
        Assert.Equal(("interrupted", FailureScope.Transient), (failure.Kind, failure.Scope));
        Assert.Contains($"the status {status}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_does_not_come_about_is_told_from_a_reply_that_does_not_come()
    {
        // Accepts, and says nothing of TLS: to the caller as silent as a firewall.
        await using var server = new RawServer(connection => connection.ReadRequestAsync());
        using var clients = new ModelClientFactory(NullLoggerFactory.Instance, TimeProvider.System, connecting: TimeSpan.FromMilliseconds(200));
        var secure = new UriBuilder(server.Endpoint.BaseUrl) { Scheme = "https" }.Uri;

        var failure = await FailAsync(clients, new ModelEndpoint(secure, "raw"));

        Assert.Equal(("connection", FailureScope.Transient), (failure.Kind, failure.Scope));
        Assert.Equal("No connection within 0.2 s", failure.Message);
    }

    [Theory]
    [InlineData("ftp://proxy.invalid")]
    [InlineData("http://a:b@[bad")] // goes nowhere, and not directly either
    public async Task A_proxy_that_cannot_be_used_is_named(string address)
    {
        using var clients = new ModelClientFactory(
            NullLoggerFactory.Instance, TimeProvider.System, new EnvironmentProxy(name => name == "all_proxy" ? address : null));

        var failure = await FailAsync(clients, new ModelEndpoint(new Uri("http://api.invalid/v1"), "raw"));

        Assert.Equal(("proxy", FailureScope.Run), (failure.Kind, failure.Scope));
        Assert.Contains("ALL_PROXY", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "/v1/chat/completions")]
    [InlineData("/", "/v1/chat/completions")]
    [InlineData("/v1/chat/completions", "/v1/chat/completions")]
    [InlineData("/api/v3/", "/api/v3/chat/completions")]
    [InlineData("/v1beta/openai/models", "/v1beta/openai/chat/completions")]
    [InlineData("/openai/deployments/gpt?api-version=2024-10-21", "/openai/deployments/gpt/chat/completions?api-version=2024-10-21", true)]
    [InlineData("/openai/v1/?api-version=preview", "/openai/v1/chat/completions?api-version=preview", true)]
    [InlineData("/v1?tenant=a%20b", "/v1/chat/completions?tenant=a%20b")]
    public async Task An_address_is_taken_as_people_write_it(string given, string asked, bool isAzure = false)
    {
        var head = "";
        await using var server = new RawServer(async connection =>
        {
            head = (await connection.ReadRequestAsync())!.Value.Head;
            await connection.SendAsync(Ok);
        });
        var url = new Uri(server.Endpoint.BaseUrl.GetLeftPart(UriPartial.Authority) + given);
        var endpoint = new ModelEndpoint(url, "raw") { ApiKey = "sk-azure-or-not" };

        Assert.Equal(200, (await _clients.Connect(endpoint).CompleteChatAsync(Hello, Cancellation)).Status);

        var lines = head.Split("\r\n");
        Assert.Equal($"POST {asked} HTTP/1.1", lines[0]);
        Assert.Contains(isAzure ? "api-key: sk-azure-or-not" : "Authorization: Bearer sk-azure-or-not", lines);
        Assert.Equal(!isAzure, lines.Any(line => line.StartsWith("Authorization:", StringComparison.Ordinal)));
        Assert.DoesNotContain("tenant", endpoint.SafeUrl, StringComparison.Ordinal);
        Assert.Equal(isAzure, endpoint.SafeUrl.Contains("?api-version=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_large_body_of_many_segments_arrives_whole_at_a_server_that_reads_slowly()
    {
        var segments = Enumerable.Range(0, 2000).Select(i => new string((char)('a' + i % 26), 1 + i % 7 * 1000)).ToArray();
        await using var server = new RawServer(async connection =>
        {
            var request = await connection.ReadRequestAsync();
            await connection.SendAsync(
                $"HTTP/1.1 200 OK\r\nContent-Length: 64\r\n\r\n{Convert.ToHexString(SHA256.HashData(request!.Value.Body))}");
        });
        var reply = await _clients.Connect(server.Endpoint).CompleteChatAsync(Body(segments), Cancellation);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(segments)))),
            Encoding.ASCII.GetString(reply.Body.Span));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", 200, "hello")]
    [InlineData("HTTP/1.1 500 Oh no: really\r\nX-Folded: a\r\n b\r\nContent-Length: 0\r\n\r\n", 500, "")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204, "")]
    [InlineData("HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n", 307, "")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        200, "hello")]
    [InlineData("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n2;a=\"b\"\r\nhe\r\n03 \r\nllo\r\n0\r\nTrailer: x\r\n\r\n", 200,
        "hello")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\nhello", 200, "hello")]
    public async Task A_reply_is_read_in_every_framing(string reply, int status, string body)
    {
        await using var server = Saying(reply);
        var read = await _clients.Connect(server.Endpoint).CompleteChatAsync(Hello, Cancellation);
        Assert.Equal((status, body), (read.Status, Encoding.ASCII.GetString(read.Body.Span)));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_compressed_reply_is_unpacked(string coding)
    {
        var packed = Pack(coding, Encoding.UTF8.GetBytes("hello"));
        await using var server =
            Saying($"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {packed.Length}\r\n\r\n{Encoding.Latin1.GetString(packed)}");
        var read = await _clients.Connect(server.Endpoint).CompleteChatAsync(Hello, Cancellation);
        Assert.Equal("hello", Encoding.UTF8.GetString(read.Body.Span));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("gzip")]
    public async Task A_reply_without_end_is_not_read_to_it(string? coding)
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync($"HTTP/1.1 200 OK\r\n{(coding is null ? "" : $"Content-Encoding: {coding}\r\n")}\r\n");
            var piece = Encoding.Latin1.GetString(coding is null ? new byte[1 << 20] : Pack(coding, new byte[64 << 20]));
            while (true) await connection.SendAsync(piece); // until the client has had enough
        });
        var failure = await Assert.ThrowsAsync<ModelCallException>(() =>
            _clients.Connect(server.Endpoint).CompleteChatAsync(Hello, Cancellation));
        Assert.Equal(("reply_too_long", FailureScope.Question), (failure.Kind, failure.Scope));
    }

    [Fact]
    public async Task The_limit_of_a_reply_is_a_setting_and_what_was_read_is_given_back()
    {
        var limits = new ReplyLimits(ReplyLimits.Least);
        using var clients = new ModelClientFactory(NullLoggerFactory.Instance, TimeProvider.System, limits: limits);
        var body = new string('x', (int)ReplyLimits.Least + 1);
        await using var server = Saying($"HTTP/1.1 500 Oh\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        var failure = await Assert.ThrowsAsync<ModelCallException>(() =>
            clients.Connect(server.Endpoint).CompleteChatAsync(Hello, Cancellation));

        Assert.Contains("is longer than 64 KiB", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, limits.Held);
    }

    [Fact]
    public void Replies_that_are_read_at_a_time_have_a_limit_together()
    {
        var limits = new ReplyLimits(100);
        var readings = Enumerable.Range(0, 17).Select(_ => limits.Begin()).ToList();

        var refused = readings.Select(reading => reading.Add(100)).ToList();

        Assert.All(refused.Take(16), Assert.Null);
        Assert.Contains("together", refused[16], StringComparison.Ordinal);
        readings[0].Dispose();
        readings[16].Dispose();
        Assert.Null(limits.Begin().Add(100));
    }

    [Fact]
    public async Task Retry_After_comes_with_a_reply()
    {
        await using var server = Saying("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal((503, (TimeSpan?)TimeSpan.FromSeconds(7)), await _clients.Connect(server.Endpoint)
            .CompleteChatAsync(Hello, Cancellation) is var reply ? (reply.Status, reply.RetryAfter) : default);
    }

    [Fact]
    public async Task A_connection_that_the_server_closed_meanwhile_is_not_used_again()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(Ok);
            connection.Dispose();
        });
        var connection = _clients.Connect(server.Endpoint);
        await connection.CompleteChatAsync(Hello, Cancellation);
        await server.ClosedAsync(1).WaitAsync(Cancellation);
        Assert.Equal(200, (await connection.CompleteChatAsync(Hello, Cancellation)).Status);
        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and something unasked")]
    public async Task A_connection_in_doubt_is_not_used_again(string reply)
    {
        await using var server = Saying(reply);
        var connection = _clients.Connect(server.Endpoint);
        for (var i = 0; i < 2; i++)
            Assert.Equal("ok", Encoding.ASCII.GetString((await connection.CompleteChatAsync(Hello, Cancellation)).Body.Span));
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
        // A reset may overtake the words before it; then it is the reset that is told.
        try
        {
            var reply = await _clients.Connect(server.Endpoint).CompleteChatAsync(Body(new string('x', 20_000_000)), Cancellation);
            Assert.Equal((413, "large"), (reply.Status, Encoding.ASCII.GetString(reply.Body.Span)));
        }
        catch (Exception error) when (HttpFailures.IsFailure(error))
        {
            Assert.Equal("interrupted", HttpFailures.KindOf(error));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n")]
    [InlineData("HTTP/1.1 abc\r\n\r\n")]
    [InlineData("220 smtp.example.com ESMTP\r\n")]
    public async Task A_server_that_hangs_up_or_speaks_something_else_interrupts(string reply)
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            if (reply.Length > 0) await connection.SendAsync(reply);
        });
        var error = await Assert.ThrowsAnyAsync<Exception>(() => _clients.Connect(server.Endpoint).CompleteChatAsync(Hello, Cancellation));
        Assert.True(HttpFailures.IsFailure(error), error.ToString());
        Assert.Equal("interrupted", HttpFailures.KindOf(error));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/v1")]
    [InlineData("http://no-such-host.invalid:{0}/v1")]
    [InlineData("https://127.0.0.1:{0}/v1")]
    public async Task A_server_that_is_not_there_is_not_reached(string url)
    {
        using var unused = new Socket(SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.IPv6Any, 0)); // bound, not listening
        var port = ((IPEndPoint)unused.LocalEndPoint!).Port;
        var address = new Uri(string.Format(System.Globalization.CultureInfo.InvariantCulture, url, port));
        var error = await Assert.ThrowsAnyAsync<Exception>(() => _clients.Connect(new ModelEndpoint(address, "m"))
            .CompleteChatAsync(Hello, Cancellation));
        Assert.True(HttpFailures.IsFailure(error), error.ToString());
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
        var body = whileSending ? Body(new string('x', 50_000_000)) : Hello;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _clients.Connect(server.Endpoint).CompleteChatAsync(body, cancel.Token));
    }

    [Theory]
    [InlineData("sk\r\nX-Header: 1")]
    [InlineData("schlüssel")]
    public void A_key_that_would_add_a_header_is_refused(string key)
    {
        var error = Assert.Throws<ArgumentException>(() => _clients.Connect(new ModelEndpoint(new Uri("http://127.0.0.1:9/v1"), "m")
        {
            ApiKey = key,
        }));
        Assert.DoesNotContain(key, error.Message, StringComparison.Ordinal);
    }

    private static RawServer Saying(string reply) => new(async connection =>
    {
        await connection.ReadRequestAsync();
        await connection.SendAsync(reply);
        if (!reply.StartsWith("HTTP/1.0", StringComparison.Ordinal)) await connection.WaitForCloseAsync();
    });

    private static byte[] Pack(string coding, byte[] bytes)
    {
        var packed = new MemoryStream();
        using (Stream packer = coding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest),
            _ => new BrotliStream(packed, CompressionLevel.Fastest),
        }) packer.Write(bytes);
        return packed.ToArray();
    }

    private static SegmentedContent Body(params string[] segments) =>
        new([.. segments.Select(segment => new ArraySegment<byte>(Encoding.ASCII.GetBytes(segment)))],
            segments.Sum(segment => segment.Length));

    private static async Task<ModelCallException> FailAsync(ModelClientFactory clients, ModelEndpoint endpoint)
    {
        using var client = clients.Create(endpoint, "{}", TimeSpan.FromMinutes(1), new RetryPolicy(0, TimeSpan.Zero, TimeSpan.Zero));
        return await Assert.ThrowsAsync<ModelCallException>(() =>
            client.GetResponseAsync([new ChatMessage(ChatRole.User, "?")], cancellationToken: Cancellation));
    }
}
