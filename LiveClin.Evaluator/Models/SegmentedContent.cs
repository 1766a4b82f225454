using System.ClientModel;

namespace LiveClin.Evaluator.Models;

/// <summary>A request body made of shared segments, which are sent one after the other without being joined.</summary>
/// <param name="segments">The segments; they belong to the conversation and stay as they are.</param>
/// <param name="length">Their length in bytes.</param>
internal sealed class SegmentedContent(IReadOnlyList<ArraySegment<byte>> segments, long length) : BinaryContent
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
            stream.Write(segment);
        }
    }

    public override async Task WriteToAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        foreach (var segment in segments) await stream.WriteAsync(segment, cancellationToken).ConfigureAwait(false);
    }

    public override void Dispose()
    {
        // nothing is held
    }
}
