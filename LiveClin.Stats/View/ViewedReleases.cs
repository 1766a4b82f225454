using System.Collections.Concurrent;
using System.Security.Cryptography;
using LiveClin.Core.Cases;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Reading;
using LiveClin.Evaluator.V1;
using Figure = LiveClin.Core.Cases.Figure;
using Release = LiveClin.Core.Cases.Release;

namespace LiveClin.Stats.View;

/// <summary>The releases of a store. Their images are shown where they lie on this machine.</summary>
internal sealed class ViewedReleases(ResultStore store) : IReleaseSource
{
    private const long LargestImage = 64L << 20;
    private readonly ConcurrentDictionary<string, Release> _releases = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StoredImage> _images = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _hashes = new(StringComparer.Ordinal);

    public Task<IReadOnlyList<ReleaseInfo>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ReleaseInfo>>([.. store.ListReleases()
            .OrderBy(stored => stored.Name, StringComparer.OrdinalIgnoreCase).Select(stored => new ReleaseInfo
        {
            Name = stored.Name, Sha256 = stored.Sha256, JsonlPath = stored.JsonlPath, ImageRoot = stored.ImageRoot,
            CaseCount = stored.Cases, QuestionCount = stored.Questions,
        })]);

    public Task<Release> GetAsync(string nameOrSha256, CancellationToken cancellationToken)
    {
        var stored = store.FindRelease(nameOrSha256) ?? store.ListReleases().LastOrDefault(release => release.Name == nameOrSha256)
            ?? throw new ReleaseNotFoundException($"The store has no release '{nameOrSha256}'.");
        if (_releases.TryGetValue(stored.Sha256, out var known)) return Task.FromResult(known);
        var release = store.LoadRelease(stored.Sha256)!;
        // What is damaged may be put right by another program.
        return Task.FromResult(release.Cases.Any(@case => @case.IsDamaged) ? release : _releases.GetOrAdd(stored.Sha256, release));
    }

    public async Task<string?> HashAsync(Release release, Figure figure)
    {
        if (figure.File is not { Length: > 0 } file || new ImageResolver(release.ImageRoot)
            .Find(file) is not { MediaType: { } mediaType } found)
            return null;
        try
        {
            if (_hashes.TryGetValue(found.Path, out var known)) return known;
            if (new FileInfo(found.Path).Length > LargestImage) return null;
            var bytes = await Task.Run(() => RegularFile.ReadAllBytes(found.Path));
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
            _images[sha256] = new StoredImage(sha256, found.Path, mediaType, bytes.Length);
            return _hashes[found.Path] = sha256;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public Func<string, ImageFile?> ImageFinder(Release release) => new ImageResolver(release.ImageRoot).Find;

    // A store that came from elsewhere may name any path: only what was found below a release's image root is opened.
    public StoredImage? FindImage(string sha256) => _images.GetValueOrDefault(sha256);
}
