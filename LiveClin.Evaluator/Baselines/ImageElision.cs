using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace LiveClin.Evaluator.Baselines;

/// <summary>
/// Reads a JSON body and leaves out what data URIs of images hold: a conversation's images are megabytes, of which nothing matters but
/// whether they are the true ones. They are skipped as they arrive; where somebody looks at images, their hash stands for them.
/// </summary>
internal sealed class ImageElision(ArrayBufferWriter<byte> output, int largestText, bool withDigest)
{
    private ImageDigest? _digest;
    private bool _inString;
    private bool _escaped;
    private bool _skipping;
    private int _stringStart;

    /// <summary>How an image's data begins, in JSON and in what is left of it.</summary>
    public static ReadOnlySpan<byte> DataUri => "data:image/"u8;

    /// <summary>Reads a whole body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="output">Where the rest of it goes.</param>
    /// <param name="largestText">Most bytes of it.</param>
    /// <param name="withDigest">True to leave each image's SHA-256 in its place: <c>data:image/sha256:…</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when more than <paramref name="largestText"/> bytes remain without the images.</returns>
    public static async Task<bool> ReadAsync(PipeReader body, ArrayBufferWriter<byte> output, int largestText, bool withDigest,
        CancellationToken cancellationToken)
    {
        var elision = new ImageElision(output, largestText, withDigest);
        while (true)
        {
            var result = await body.ReadAsync(cancellationToken);
            var isSmallEnough = true;
            foreach (var segment in result.Buffer) isSmallEnough = isSmallEnough && elision.Append(segment.Span);
            body.AdvanceTo(result.Buffer.End);
            if (!isSmallEnough) return false;
            if (result.IsCompleted) return true;
        }
    }

    /// <summary>Takes the next bytes, cut anywhere.</summary>
    public bool Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && output.WrittenCount <= largestText)
        {
            if (_escaped)
            {
                _escaped = false;
                _digest?.AppendEscaped(bytes[0]);
                Keep(bytes[..1]);
                bytes = bytes[1..];
                continue;
            }

            var end = _inString ? bytes.IndexOfAny((byte)'"', (byte)'\\') : bytes.IndexOf((byte)'"');
            var run = end < 0 ? bytes.Length : end;
            KeepRun(bytes[..run]);
            if (end < 0) break;

            if (bytes[end] == '\\')
            {
                _escaped = true;
                Keep(bytes.Slice(end, 1));
            }
            else
            {
                EndSkipping();
                Keep(bytes.Slice(end, 1));
                _inString = !_inString;
                _stringStart = output.WrittenCount;
            }

            bytes = bytes[(end + 1)..];
        }

        return output.WrittenCount <= largestText;
    }

    private void KeepRun(ReadOnlySpan<byte> run)
    {
        if (_skipping || !_inString)
        {
            _digest?.Append(run);
            Keep(run);
            return;
        }

        // As much as tells a data URI from other text; it may come in several pieces.
        var missing = Math.Max(0, DataUri.Length - (output.WrittenCount - _stringStart));
        var head = Math.Min(missing, run.Length);
        Keep(run[..head]);
        if (missing > 0) _skipping = output.WrittenSpan[_stringStart..].SequenceEqual(DataUri);
        if (_skipping && withDigest)
        {
            _digest = new ImageDigest();
            _digest.Append(run[head..]);
        }

        Keep(run[head..]);
    }

    private void EndSkipping()
    {
        _skipping = false;
        if (_digest is null) return;
        Keep(Encoding.ASCII.GetBytes(_digest.Finish()));
        _digest.Dispose();
        _digest = null;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (!_skipping) output.Write(bytes);
    }
}
