namespace LiveClin.Core.Releases;

/// <summary>What an image archive may hold. The 2025 H1 release has 2,970 images.</summary>
/// <param name="Entries">Most entries.</param>
/// <param name="FileBytes">Most bytes of one unpacked file.</param>
/// <param name="TotalBytes">Most bytes of all unpacked files.</param>
/// <param name="Ratio">Most unpacked bytes per byte of the archive; images hardly shrink, bombs do.</param>
internal sealed record ImageArchiveLimits(int Entries, long FileBytes, long TotalBytes, int Ratio)
{
    public static ImageArchiveLimits Default { get; } = new(200_000, 1L << 30, 64L << 30, 100);
}
