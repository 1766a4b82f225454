using LiveClin.Core.Prompts;

namespace LiveClin.Core.Releases;

/// <summary>How a release is read and checked.</summary>
public sealed record ReleaseOptions
{
    /// <summary>
    /// True: images that are missing, unreadable or too large are warnings and are left out of the prompts, as published. Paths that
    /// leave the image root remain errors.
    /// </summary>
    public bool AllowMissingImages { get; init; }

    /// <summary>How images will travel: files are checked in local mode, addresses in URL mode.</summary>
    public ImageMode ImageMode { get; init; } = ImageMode.Local;

    /// <summary>False skips the look at the image files; their paths are checked all the same.</summary>
    public bool CheckImages { get; init; } = true;

    /// <summary>
    /// Keep only the first N cases; null keeps all. The whole file is read and validated in any case, images only of the kept cases.
    /// </summary>
    public int? Limit { get; init; }
}
