using LiveClin.Core.Cases;
using LiveClin.Core.Prompts;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Reading;

/// <summary>Where releases and their images come from: data folders and the store, or the store alone.</summary>
internal interface IReleaseSource
{
    /// <summary>Every release, by name.</summary>
    Task<IReadOnlyList<V1.ReleaseInfo>> ListAsync(CancellationToken cancellationToken);

    /// <summary>A release with its cases, by name or SHA-256.</summary>
    /// <exception cref="Core.Releases.ReleaseException">There is none, or it cannot be read.</exception>
    Task<Release> GetAsync(string nameOrSha256, CancellationToken cancellationToken);

    /// <summary>SHA-256 of a figure's image, which <see cref="FindImage"/> then knows; null when it cannot be read.</summary>
    Task<string?> HashAsync(Release release, Figure figure);

    /// <summary>Finds the files of a release's images; null for one that does not exist.</summary>
    Func<string, ImageFile?> ImageFinder(Release release);

    /// <summary>Where an image lies that was sent to a model or shown in a case; null when it is unknown.</summary>
    StoredImage? FindImage(string sha256);
}
