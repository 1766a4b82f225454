using System.Buffers;
using System.IO.Pipelines;

namespace LiveClin.Evaluator.Baselines;

/// <summary>
/// Reads a JSON body and leaves out what data URIs of images hold. Baselines see nothing, and a conversation's images are
/// megabytes: they are skipped as they arrive and neither kept nor decoded.
/// </summary>
internal sealed class ImageElision(ArrayBufferWriter<byte> output, int largestText)
{
    private bool _inString;
    private bool _escaped;
    private bool _skipping;
    private int _stringStart;

    private static ReadOnlySpan<byte> DataUri => "data:image/"u8;

    /// <summary>Reads a whole body.</summary>
    /// <returns>False when more than <paramref name="largestText"/> bytes remain without the images.</returns>
    public static async Task<bool> ReadAsync(PipeReader body, ArrayBufferWriter<byte> output, int largestText, CancellationToken cancellationToken)
    {
        var elision = new ImageElision(output, largestText);
        while (true)
        {
            var result = await body.ReadAsync(cancellationToken);
            foreach (var segment in result.Buffer)
                if (!elision.Append(segment.Span))
                    return false;
            body.AdvanceTo(result.Buffer.End);
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
                _skipping = false;
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
            Keep(run);
            return;
        }

        // As much as tells a data URI from other text; it may come in several pieces.
        var missing = Math.Max(0, DataUri.Length - (output.WrittenCount - _stringStart));
        var head = Math.Min(missing, run.Length);
        Keep(run[..head]);
        if (missing > 0) _skipping = output.WrittenSpan[_stringStart..].SequenceEqual(DataUri);
        Keep(run[head..]);
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (!_skipping) output.Write(bytes);
    }
}
