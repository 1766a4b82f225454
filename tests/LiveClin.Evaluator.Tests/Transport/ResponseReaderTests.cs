using System.Text;
using LiveClin.Evaluator.Transport;

namespace LiveClin.Evaluator.Tests.Transport;

/// <summary>Replies as servers send them, in pieces of every size.</summary>
public sealed class ResponseReaderTests
{
    public static TheoryData<string, int, string, bool> Replies => new()
    {
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true },
        { "HTTP/1.1 200\r\ncontent-length:5\r\n\r\nhello", 200, "hello", true },
        { "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", 200, "hello", true },
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true },
        { "HTTP/1.1 500 Oh no: really\r\nX-Folded: a\r\n b\r\nContent-Length: 0\r\n\r\n", 500, "", true },
        { "HTTP/1.1 204 No Content\r\n\r\n", 204, "", true },
        { "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", false },
        { "HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", false },
        { "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", false },
        { "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true },
        { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 200, "hello", true },
        { "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n2;a=\"b\"\r\nhe\r\n03 \r\nllo\r\n0\r\nTrailer: x\r\n\r\n", 200, "hello", true },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 200, "hello", false },
        { "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true },
    };

    [Theory]
    [MemberData(nameof(Replies))]
    public void Reads_a_reply_in_pieces_of_every_size(string reply, int status, string body, bool keepsAlive)
    {
        var bytes = Encoding.Latin1.GetBytes(reply);
        for (var piece = 1; piece <= bytes.Length; piece++)
        {
            var reader = new ResponseReader();
            var (taken, arrived, complete) = (0, 0, false);
            while (!complete)
            {
                Assert.True(arrived < bytes.Length, "the reply should be complete at its last byte");
                arrived = Math.Min(arrived + piece, bytes.Length);
                complete = reader.Read(bytes.AsSpan(taken, arrived - taken), out var used);
                taken += used;
            }

            Assert.Equal(bytes.Length, taken);
            Assert.Equal((status, body, keepsAlive), (reader.Reply.Status, Encoding.Latin1.GetString(reader.Reply.Body.Span), reader.KeepsAlive));
        }
    }

    [Fact]
    public void What_follows_a_reply_is_left_alone()
    {
        var reader = new ResponseReader();
        var bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP"u8;
        Assert.True(reader.Read(bytes, out var used));
        Assert.Equal(bytes.Length - 4, used);
    }

    [Fact]
    public void A_body_without_length_ends_with_the_connection()
    {
        var reader = new ResponseReader();
        Assert.False(reader.Read("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\n\r\nhel"u8, out _));
        Assert.False(reader.Read("lo"u8, out _));
        reader.End();
        Assert.Equal((503, "hello", "7", false), (reader.Reply.Status, Encoding.Latin1.GetString(reader.Reply.Body.Span), reader.Reply.RetryAfter, reader.KeepsAlive));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")]
    public void A_reply_that_is_cut_off_is_no_reply(string reply)
    {
        var reader = new ResponseReader();
        Assert.False(reader.Read(Encoding.Latin1.GetBytes(reply), out _));
        Assert.Equal(HttpRequestError.ResponseEnded, Assert.Throws<HttpRequestException>(reader.End).HttpRequestError);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n")]
    [InlineData("HTTP/2 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 abc\r\n\r\n")]
    [InlineData("HTTP/1.1 2000\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n")]
    public void What_is_no_reply_is_refused(string reply) => Assert.Equal(
        HttpRequestError.InvalidResponse,
        Assert.Throws<HttpRequestException>(() => new ResponseReader().Read(Encoding.Latin1.GetBytes(reply), out _)).HttpRequestError);
}
