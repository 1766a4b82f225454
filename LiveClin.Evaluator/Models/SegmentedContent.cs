using System.ClientModel;

namespace LiveClin.Evaluator.Models;

/// <summary>A request body made of shared segments, written one after the other without being joined.</summary>
internal sealed class SegmentedContent(IReadOnlyList<ReadOnlyMemory<byte>> segments, long length) : BinaryContent
{
    public override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }

    public override void WriteTo(Stream stream, CancellationToken cancellationToken = default)
    {
        foreach (var segment in segments)
        {
            cancellationToken.ThrowIfCancellationRequested();
            stream.Write(segment.Span);
        }
    }

    public override async Task WriteToAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        foreach (var segment in segments) await stream.WriteAsync(segment, cancellationToken).ConfigureAwait(false);
    }

    public override void Dispose()
    {
    }
}
