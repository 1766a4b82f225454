namespace LiveClin.Evaluator.Models;

/// <summary>A request body made of shared segments, which are sent one after the other without being joined.</summary>
/// <param name="Segments">The segments.</param>
/// <param name="Length">Their length in bytes.</param>
internal sealed record SegmentedBody(List<ArraySegment<byte>> Segments, long Length);
