using System.Buffers;
using System.Buffers.Text;

namespace LiveClin.Evaluator.Transport;

/// <summary>Reads one HTTP/1 reply from whatever pieces it arrives in.</summary>
internal sealed class ResponseReader
{
    /// <summary>Longest body that is read; a chat completion has some kilobytes.</summary>
    public const int LongestBody = 256 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _body = new();
    private ResponseHead? _head;
    private Part _part;
    private long _missing; // bytes of the body, or of the current chunk

    private enum Part
    {
        Head,
        Body,
        BodyUntilEnd,
        ChunkSize,
        Chunk,
        ChunkEnd,
        Trailers,
        Done,
    }

    /// <summary>The reply, when it is complete.</summary>
    public HttpReply Reply => new(_head!.Status, _body.WrittenMemory, _head.RetryAfter);

    /// <summary>True when the connection can carry another exchange after this one.</summary>
    public bool KeepsAlive => _part == Part.Done && _head!.KeepsAlive;

    public static HttpRequestException Invalid(string reason) => new(HttpRequestError.InvalidResponse, $"The server's reply cannot be read: {reason}.");

    /// <summary>Takes what it can use of what was received; true when the reply is complete.</summary>
    /// <param name="received">What was received and not taken yet.</param>
    /// <param name="used">How much of it was taken.</param>
    /// <exception cref="HttpRequestException">It is no HTTP/1 reply, or too long.</exception>
    public bool Read(ReadOnlySpan<byte> received, out int used)
    {
        used = 0;
        while (_part != Part.Done)
        {
            var length = Step(received[used..]);
            if (length < 0) return false;
            used += length;
            if (used == received.Length && _part is Part.Body or Part.BodyUntilEnd or Part.Chunk) return false;
        }

        return true;
    }

    /// <summary>The connection has ended.</summary>
    /// <exception cref="HttpRequestException">The reply was not complete.</exception>
    public void End()
    {
        if (_part != Part.BodyUntilEnd) throw new HttpRequestException(HttpRequestError.ResponseEnded, "The server closed the connection before its reply was complete.");
    }

    // Does one part, or as much of a body as there is; the number of bytes taken, or -1 when more is needed first.
    private int Step(ReadOnlySpan<byte> unread)
    {
        switch (_part)
        {
            case Part.Head:
                if (ResponseHead.Read(unread, out var length) is not { } head) return -1;
                if (head.Status >= 200) Begin(head); // "100 Continue" and the like announce the reply
                return length;
            case Part.Body:
                return TakeBody(unread, Part.Done);
            case Part.Chunk:
                return TakeBody(unread, Part.ChunkEnd);
            case Part.BodyUntilEnd:
                Append(unread);
                return unread.Length;
            default:
                return TakeLine(unread);
        }
    }

    private void Begin(ResponseHead head)
    {
        _head = head;
        _missing = head.ContentLength ?? 0;
        if (_missing > LongestBody) throw TooLong();
        _part = head.HasNoBody || head.ContentLength == 0 ? Part.Done : head.IsChunked ? Part.ChunkSize : head.ContentLength is null ? Part.BodyUntilEnd : Part.Body;
    }

    private int TakeBody(ReadOnlySpan<byte> unread, Part next)
    {
        var length = (int)Math.Min(_missing, unread.Length);
        Append(unread[..length]);
        _missing -= length;
        if (_missing == 0) _part = next;
        return length;
    }

    private void Append(ReadOnlySpan<byte> piece)
    {
        if (piece.Length > LongestBody - _body.WrittenCount) throw TooLong();
        _body.Write(piece);
    }

    // The lines between and after chunks; what extensions and trailers say is of no interest.
    private int TakeLine(ReadOnlySpan<byte> unread)
    {
        var length = unread.IndexOf((byte)'\n');
        if (length < 0) return -1;
        var line = unread[..length].TrimEnd((byte)'\r');
        if (_part == Part.ChunkSize)
        {
            _missing = ChunkSize(line);
            _part = _missing == 0 ? Part.Trailers : Part.Chunk;
        }
        else if (_part == Part.ChunkEnd) _part = line.IsEmpty ? Part.ChunkSize : throw Invalid("a chunk is longer than it says");
        else if (line.IsEmpty) _part = Part.Done;
        return length + 1;
    }

    private static int ChunkSize(ReadOnlySpan<byte> line)
    {
        var extension = line.IndexOf((byte)';');
        var digits = (extension < 0 ? line : line[..extension]).Trim(" \t"u8);
        return Utf8Parser.TryParse(digits, out int size, out var used, 'x') && used == digits.Length && size >= 0 ? size : throw Invalid("a chunk has no size");
    }

    private static HttpRequestException TooLong() => Invalid($"its body is longer than {LongestBody / 1024 / 1024} MiB");
}
