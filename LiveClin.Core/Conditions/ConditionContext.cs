using LiveClin.Core.Cases;
using LiveClin.Core.Prompts;

namespace LiveClin.Core.Conditions;

/// <summary>
/// What lies around a case: some conditions take from other cases of its release, and all of them from what its images are.
/// </summary>
internal sealed class ConditionContext(IReadOnlyList<Case> release, ImageMode mode, Func<string, ImageFile?> findImage)
{
    private readonly Lazy<ImagePool> _pool = new(() => ImagePool.Of(release, findImage));

    /// <summary>How images travel.</summary>
    public ImageMode Mode { get; } = mode;

    /// <summary>Finds a file below the image root.</summary>
    public Func<string, ImageFile?> FindImage { get; } = findImage;

    /// <summary>Every image of the release that would be sent; reading them all takes a moment, when it is first asked for.</summary>
    public ImagePool Pool => _pool.Value;
}
