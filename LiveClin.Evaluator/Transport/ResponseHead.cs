using System.Buffers.Text;
using System.Text;

namespace LiveClin.Evaluator.Transport;

/// <summary>What stands above a reply's body, as far as it matters here.</summary>
/// <param name="Status">The status code.</param>
/// <param name="ContentLength">Length of the body; null when it is chunked, or ends with the connection.</param>
/// <param name="IsChunked">True when the body comes in chunks.</param>
/// <param name="KeepsAlive">True when the connection can carry another request after the body.</param>
/// <param name="RetryAfter">The Retry-After header.</param>
internal sealed record ResponseHead(int Status, long? ContentLength, bool IsChunked, bool KeepsAlive, string? RetryAfter)
{
    /// <summary>True for replies that never have a body.</summary>
    public bool HasNoBody => Status is 204 or 304;

    /// <summary>Reads the head at the beginning of what was received; null while it is not complete.</summary>
    /// <exception cref="HttpRequestException">It is no HTTP/1 reply, or one that cannot be read here.</exception>
    public static ResponseHead? Read(ReadOnlySpan<byte> received, out int length)
    {
        length = 0;
        var beginning = "HTTP/1."u8;
        if (!received.StartsWith(beginning[..Math.Min(beginning.Length, received.Length)])) throw ResponseReader.Invalid("it does not begin with HTTP/1");
        if (!TakeLine(received, ref length, out var line)) return null;
        var (status, keepsAlive) = ReadStatus(line);
        long? contentLength = null;
        var chunked = false;
        string? retryAfter = null;
        while (true)
        {
            if (!TakeLine(received, ref length, out line)) return null;
            if (line.IsEmpty) break;
            if (line[0] is (byte)' ' or (byte)'\t') continue; // a folded line goes on with a header of no interest
            var colon = line.IndexOf((byte)':');
            if (colon <= 0) throw ResponseReader.Invalid("a header has no name");
            var name = Encoding.ASCII.GetString(line[..colon]);
            var value = line[(colon + 1)..].Trim(" \t"u8);
            if (Is(name, "Content-Length")) contentLength = ReadLength(value, contentLength);
            else if (Is(name, "Transfer-Encoding")) chunked |= IsChunkedCoding(value);
            else if (Is(name, "Content-Encoding")) RequireIdentity(value);
            else if (Is(name, "Connection")) keepsAlive = ReadConnection(value, keepsAlive);
            else if (Is(name, "Retry-After")) retryAfter = Encoding.Latin1.GetString(value);
        }

        // Both framings at once is how replies are smuggled: what follows on such a connection is not trusted.
        var clear = status is 204 or 304 || chunked != (contentLength is not null);
        return new ResponseHead(status, chunked ? null : contentLength, chunked, keepsAlive && clear, retryAfter);
    }

    private static bool TakeLine(ReadOnlySpan<byte> data, ref int at, out ReadOnlySpan<byte> line)
    {
        var end = data[at..].IndexOf((byte)'\n');
        line = end < 0 ? default : data.Slice(at, end).TrimEnd((byte)'\r');
        at += end + 1;
        return end >= 0;
    }

    // HTTP/1.1 200 OK
    private static (int Status, bool KeepsAlive) ReadStatus(ReadOnlySpan<byte> line)
    {
        if (line.Length < 12 || line[8] != ' ' || (line.Length > 12 && line[12] != ' ')
            || !Utf8Parser.TryParse(line.Slice(9, 3), out int status, out var digits) || digits != 3 || status < 100)
            throw ResponseReader.Invalid("it has no status");
        return status == 101 ? throw ResponseReader.Invalid("it changes the protocol, unasked") : (status, line[7] != '0');
    }

    private static long ReadLength(ReadOnlySpan<byte> value, long? before) =>
        Utf8Parser.TryParse(value, out long length, out var used) && used == value.Length && length >= 0 && (before ?? length) == length
            ? length
            : throw ResponseReader.Invalid("its Content-Length makes no sense");

    private static bool IsChunkedCoding(ReadOnlySpan<byte> value)
    {
        var coding = Encoding.ASCII.GetString(value);
        return Is(coding, "chunked") || (Is(coding, "identity") ? false : throw ResponseReader.Invalid("its transfer encoding is unknown"));
    }

    private static void RequireIdentity(ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty && !Is(Encoding.ASCII.GetString(value), "identity")) throw ResponseReader.Invalid("it is compressed, although that was declined");
    }

    private static bool ReadConnection(ReadOnlySpan<byte> value, bool otherwise)
    {
        foreach (var option in Encoding.ASCII.GetString(value).Split(',', StringSplitOptions.TrimEntries))
        {
            if (Is(option, "close")) return false;
            if (Is(option, "keep-alive")) otherwise = true;
        }

        return otherwise;
    }

    private static bool Is(string text, string name) => text.Equals(name, StringComparison.OrdinalIgnoreCase);
}
