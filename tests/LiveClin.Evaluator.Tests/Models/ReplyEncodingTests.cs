using System.IO.Compression;
using System.Text;
using LiveClin.Evaluator.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveClin.Evaluator.Tests.Models;

/// <summary>Bodies in UTF-16, as some servers on Windows send them.</summary>
public sealed class ReplyEncodingTests
{
    private const string Reply = """{"choices":[{"message":{"content":"Antwort é: \\boxed{A}"}}]}""";

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task Are_read_with_and_without_a_byte_order_mark(bool isBigEndian, bool hasMark)
    {
        var encoding = new UnicodeEncoding(isBigEndian, hasMark);
        byte[] body = [.. encoding.GetPreamble(), .. encoding.GetBytes(Reply)];
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
                await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{Encoding.Latin1.GetString(body)}");
        });
        using var clients = new ModelClientFactory(NullLoggerFactory.Instance, TimeProvider.System);

        var reply = await clients.Connect(server.Endpoint).ListModelsAsync(TestContext.Current.CancellationToken);
        Assert.Equal("Antwort é: \\boxed{A}", ChatReply.Parse(reply.Body).Text);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_and_raw_control_characters_lose_no_reply()
    {
        byte[] alone = [.. "{\"choices\":[{\"message\":{\"content\":\"caf"u8, 0xE9, .. " \\\\boxed{A}\"}}]}"u8];
        Assert.Equal("caf\uFFFD \\boxed{A}", ChatReply.Parse(alone).Text);
        byte[] error = [.. "{\"error\":{\"message\":\"caf"u8, 0xE9, .. "\",\"code\":\"content_filter\"}}"u8];
        Assert.Equal(["content_filter"], ServerError.Read(error).Codes);
        byte[] body = [.. "{\"choices\":[{\"message\":{\"content\":\"caf"u8, 0xE9, .. "\ta \\\"b\\\" \n\\\\boxed{A}\"}}]}\0"u8];
        Assert.Equal("caf\uFFFD\ta \"b\" \n\\boxed{A}", ChatReply.Parse(body).Text);
    }

    [Theory]
    [InlineData("Content-Encoding: gzip\r\n", "\x1F\x8B\x08\0garbage that is no deflate")]
    [InlineData("Content-Encoding: br\r\n", "\xFF\xFF\xFFgarbage that is no Brotli")]
    [InlineData("Content-Encoding: zstd\r\n", "\x28\xB5\x2F\xFD\x04\0garbage")]
    [InlineData("", "\x1F\x8B\x08\0garbage that is no deflate")]
    public async Task What_is_compressed_in_another_way_is_called_that(string header, string body)
    {
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
                await connection.SendAsync($"HTTP/1.1 200 OK\r\n{header}Content-Length: {body.Length}\r\n\r\n{body}");
        });
        using var clients = new ModelClientFactory(NullLoggerFactory.Instance, TimeProvider.System);

        var error = await Assert.ThrowsAnyAsync<Exception>(async () =>
            ChatReply.Parse((await clients.Connect(server.Endpoint).ListModelsAsync(TestContext.Current.CancellationToken)).Body));
        var words = HttpFailures.IsFailure(error) ? HttpFailures.Explain(error) : Assert.IsType<ModelCallException>(error).Message;
        Assert.StartsWith("The server's reply is compressed in a way that cannot be read (", words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("Content-Encoding: x-gzip\r\n", 1)]
    [InlineData("Content-Encoding: gzip\r\n", 2)]
    public async Task What_is_compressed_unasked_is_read_all_the_same(string header, int times)
    {
        var body = Encoding.UTF8.GetBytes(Reply);
        for (var time = 0; time < times; time++) body = Compressed(body);
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
            {
                await connection.SendAsync(
                    $"HTTP/1.1 200 OK\r\n{header}Content-Length: {body.Length}\r\n\r\n{Encoding.Latin1.GetString(body)}");
            }
        });
        using var clients = new ModelClientFactory(NullLoggerFactory.Instance, TimeProvider.System);

        var reply = await clients.Connect(server.Endpoint).ListModelsAsync(TestContext.Current.CancellationToken);
        Assert.Equal("Antwort é: \\boxed{A}", ChatReply.Parse(reply.Body).Text);
    }

    [Fact]
    public async Task What_cannot_be_unpacked_keeps_its_status()
    {
        var body = Encoding.Latin1.GetString([0x1F, 0x8B, 0x08, .. "no key"u8]);
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
                await connection.SendAsync($"HTTP/1.1 401 Unauthorized\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        });
        using var clients = new ModelClientFactory(NullLoggerFactory.Instance, TimeProvider.System);

        var reply = await clients.Connect(server.Endpoint).ListModelsAsync(TestContext.Current.CancellationToken);
        Assert.Equal((401, "http_401"), (reply.Status, FailureRules.OfHttp(reply).Kind));
    }

    [Fact]
    public async Task What_is_compressed_unasked_has_the_limit_of_any_reply()
    {
        var body = Compressed(new byte[4 << 20]);
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
                await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{Encoding.Latin1.GetString(body)}");
        });
        using var clients = new ModelClientFactory(NullLoggerFactory.Instance, TimeProvider.System, limits: new ReplyLimits(1 << 20));

        var failure = await Assert.ThrowsAsync<ModelCallException>(
            () => clients.Connect(server.Endpoint).ListModelsAsync(TestContext.Current.CancellationToken));
        Assert.Equal("reply_too_long", failure.Kind);
    }

    private static byte[] Compressed(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(body);
        return packed.ToArray();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("<html>")]
    public void Everything_else_stays_as_it_is(string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        Assert.True(ReplyJson.ToUtf8(body).Span.SequenceEqual(body));
    }
}
