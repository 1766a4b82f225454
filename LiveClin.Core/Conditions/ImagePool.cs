using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using LiveClin.Core.Cases;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;
using LiveClin.Core.Statistics;

namespace LiveClin.Core.Conditions;

/// <summary>An image of a release, by its bytes.</summary>
/// <param name="Sha256">SHA-256 of the file, lower-case hexadecimal.</param>
/// <param name="File">A name that it has in the release.</param>
/// <param name="Modalities">Classes of the types that the release gives it.</param>
internal sealed record PooledImage(string Sha256, string File, ImmutableHashSet<string> Modalities);

/// <summary>The images of a whole release that the published prompts would send from files.</summary>
internal sealed class ImagePool
{
    private readonly FrozenDictionary<string, string> _hashes;

    private ImagePool(FrozenDictionary<string, string> hashes, ImmutableArray<PooledImage> images) => (_hashes, Images) = (hashes, images);

    /// <summary>The images, each once.</summary>
    public ImmutableArray<PooledImage> Images { get; }

    /// <summary>Reads a release's images.</summary>
    /// <exception cref="IOException">One of them cannot be read.</exception>
    public static ImagePool Of(IReadOnlyList<Case> release, Func<string, ImageFile?> findImage)
    {
        var sent = release.SelectMany(AllFigures).Where(figure => IsSent(figure, findImage)).ToList();
        var hashes = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        Parallel.ForEach(sent.Select(figure => figure.File!).Distinct(StringComparer.Ordinal),
            file => hashes[file] = HashOf(findImage(file)!.Path));
        var images = sent.GroupBy(figure => hashes[figure.File!])
            .Select(same => new PooledImage(same.Key, same.First().File!, [.. same.SelectMany(figure => ModalitiesOf(figure))]));
        return new ImagePool(hashes.ToFrozenDictionary(StringComparer.Ordinal), [.. images]);
    }

    /// <summary>The hash of a figure's image; null for one that is not sent.</summary>
    public string? HashOf(Figure figure) =>
        !string.IsNullOrEmpty(figure.CaptionPrefix) && figure.File is { } file ? _hashes.GetValueOrDefault(file) : null;

    /// <summary>The figures of a case, in the order in which they are sent.</summary>
    public static IEnumerable<Figure> AllFigures(Case clinicalCase) =>
        clinicalCase.Figures.Concat(clinicalCase.Questions.SelectMany(question => question.Figures));

    /// <summary>The classes of modality that a figure's type names.</summary>
    public static ImmutableArray<string> ModalitiesOf(Figure figure) =>
        string.IsNullOrEmpty(figure.Type) ? [] : Labels.ImageModalities(figure.Type);

    private static bool IsSent(Figure figure, Func<string, ImageFile?> findImage) =>
        !string.IsNullOrEmpty(figure.CaptionPrefix) && !string.IsNullOrEmpty(figure.File) && findImage(figure.File) is { CanBeSent: true };

    private static string HashOf(string path)
    {
        using var file = RegularFile.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
