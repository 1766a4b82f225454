using System.Collections.Concurrent;
using LiveClin.Core.Cases;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Core.Text;
using LiveClin.Evaluator.Images;
using LiveClin.Evaluator.Reading;
using LiveClin.Evaluator.Runs;
using Microsoft.Extensions.Options;

namespace LiveClin.Evaluator.Service;

/// <summary>Knows every release: those in the data folders and those that stored runs were made on.</summary>
internal sealed class ReleaseCatalog(
    ResultStore store, ReleaseLibrary library, ImageLibrary images, DataFolders folders, IOptions<EvaluatorOptions> options)
        : IReleaseSource
{
    private static readonly ReleaseOptions CasesOnly = new() { CheckImages = false };
    private readonly ConcurrentDictionary<string, Release> _stored = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StoredImage> _images = new(StringComparer.Ordinal);

    /// <summary>Every release, by name; one that cannot be read says why.</summary>
    public async Task<IReadOnlyList<V1.ReleaseInfo>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new List<V1.ReleaseInfo>();
        foreach (var location in new ReleaseLocator().Discover(options.Value.DataDirectory))
            found.Add(await DescribeAsync(location, cancellationToken));
        found.AddRange(store.ListReleases().Where(stored => found.All(known => known.Sha256 != stored.Sha256))
            .Select(stored => new V1.ReleaseInfo
        {
            Name = stored.Name,
            Sha256 = stored.Sha256,
            JsonlPath = stored.JsonlPath,
            ImageRoot = stored.ImageRoot,
            CaseCount = stored.Cases,
            QuestionCount = stored.Questions,
        }));
        return [.. found.OrderBy(release => release.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The release that a request names.</summary>
    /// <param name="source">What the request says.</param>
    /// <param name="wrong">Told of wrong fields.</param>
    public ReleaseRequest Locate(V1.ReleaseSource? source, Action<string, string> wrong)
    {
        if (source is null || (source.Name.Length == 0) == (source.JsonlPath.Length == 0))
        {
            wrong("release", "must have either a name or a jsonl_path.");
            return new ReleaseRequest();
        }

        if (source.Name.Length > 0 && !LooksLikePath(source.Name) && !NameRule.IsValid(source.Name))
        {
            wrong("release.name", NameRule.Words());
            return new ReleaseRequest();
        }

        var imageRoot = source.ImageRoot is { Length: > 0 } root ? root : null;
        if (imageRoot is not null && folders.ProblemOf(imageRoot) is { } outside) wrong("release.image_root", outside);
        var named = source.JsonlPath is { Length: > 0 } jsonl ? jsonl : LooksLikePath(source.Name) ? source.Name : null;
        if (named is not null && folders.ProblemOf(named) is { } away)
            wrong(source.JsonlPath.Length > 0 ? "release.jsonl_path" : "release.name", away);
        if (source.JsonlPath.Length > 0) return new ReleaseRequest(JsonlPath: source.JsonlPath, ImageRoot: imageRoot);
        return store.FindRelease(source.Name) is { } stored
            ? Locate(stored, imageRoot ?? stored.ImageRoot, wrong)
            : new ReleaseRequest(Dataset: source.Name, DataDirectory: options.Value.DataDirectory, ImageRoot: imageRoot);
    }

    /// <summary>
    /// A release of the store, where it lay when its last run was begun. The command line may have begun that anywhere, and a caller of the
    /// service may go on with it below the data folders only.
    /// </summary>
    /// <param name="stored">The release.</param>
    /// <param name="imageRoot">Where its images are.</param>
    /// <param name="wrong">Told of what is wrong.</param>
    public ReleaseRequest Locate(StoredRelease stored, string imageRoot, Action<string, string> wrong)
    {
        if ((folders.ProblemOf(stored.JsonlPath) ?? folders.ProblemOf(imageRoot)) is { } outside)
            wrong("release", $"{stored.Name} {outside} The command line (evaluate) may use it where it is.");
        return new ReleaseRequest(JsonlPath: stored.JsonlPath, ImageRoot: imageRoot);
    }

    // As the locator takes it.
    private static bool LooksLikePath(string name) => name.Contains('/', StringComparison.Ordinal)
        || name.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
        || name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || Directory.Exists(name);

    /// <summary>
    /// A release with its cases, by name or SHA-256. One that is in the store comes from there: its file may have changed or gone.
    /// </summary>
    /// <exception cref="ReleaseException">There is none, or it cannot be read.</exception>
    public async Task<Release> GetAsync(string nameOrSha256, CancellationToken cancellationToken)
    {
        // Neither a file system nor PostgreSQL takes just any text.
        if (!NameRule.IsValid(nameOrSha256)) throw new ReleaseNotFoundException($"There is no release '{ShownText.Line(nameOrSha256)}'.");
        if (Stored(nameOrSha256) is { } bySha256) return bySha256;
        try
        {
            if (LooksLikePath(nameOrSha256) && folders.ProblemOf(nameOrSha256) is { } outside)
                throw new ReleaseNotFoundException($"'{ShownText.Line(nameOrSha256)}' {outside}");
            var location = new ReleaseLocator()
                .Locate(new ReleaseRequest(Dataset: nameOrSha256, DataDirectory: options.Value.DataDirectory));
            return await library.ReadAsync(location, CasesOnly, cancellationToken);
        }
        catch (ReleaseNotFoundException) when (store.ListReleases().LastOrDefault(stored => stored.Name == nameOrSha256) is { } byName)
        {
            return Stored(byName.Sha256)!;
        }
    }

    /// <summary>SHA-256 of a figure's image, which <see cref="FindImage"/> then knows; null when it cannot be read.</summary>
    public async Task<string?> HashAsync(Release release, Figure figure)
    {
        if (figure.File is not { Length: > 0 } file || library.ImageFinder(release)(file) is not { MediaType: { } mediaType } found)
            return null;
        try
        {
            var image = await images.GetAsync(found.Path, mediaType, root: found.Root);
            _images[image.Sha256] = new StoredImage(image.Sha256, image.Path, image.MediaType, image.Bytes);
            return image.Sha256;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Finds the files of a release's images; null for one that does not exist.</summary>
    public Func<string, ImageFile?> ImageFinder(Release release) => library.ImageFinder(release);

    /// <summary>Where an image lies that was sent to a model or shown in a case; null when it is unknown.</summary>
    public StoredImage? FindImage(string sha256) => _images.GetValueOrDefault(sha256) ?? store.FindImage(sha256);

    /// <summary>A release in the contract's terms.</summary>
    public static V1.ReleaseInfo Describe(Release release) => new()
    {
        Name = release.Name,
        Sha256 = release.Sha256,
        JsonlPath = release.JsonlPath,
        ImageRoot = release.ImageRoot,
        CaseCount = release.Cases.Length,
        QuestionCount = release.QuestionCount,
    };

    private async Task<V1.ReleaseInfo> DescribeAsync(ReleaseLocation location, CancellationToken cancellationToken)
    {
        try
        {
            return Describe(await library.ReadAsync(location, CasesOnly, cancellationToken));
        }
        catch (ReleaseException error)
        {
            return new V1.ReleaseInfo
            {
                Name = location.Name,
                JsonlPath = location.JsonlPath,
                ImageRoot = location.ImageRoot,
                Problem = error.Message,
            };
        }
    }

    // Never changes under one hash, so it is read once; what is damaged may be put right.
    private Release? Stored(string sha256)
    {
        if (_stored.TryGetValue(sha256, out var known)) return known;
        var release = store.LoadRelease(sha256);
        return release is null || release.Cases.Any(@case => @case.IsDamaged) ? release : _stored.GetOrAdd(sha256, release);
    }
}
