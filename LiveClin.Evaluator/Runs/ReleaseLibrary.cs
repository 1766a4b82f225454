using LiveClin.Core.Cases;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;

namespace LiveClin.Evaluator.Runs;

/// <summary>Reads and validates each release once per process; the runs of a sweep share it.</summary>
internal sealed class ReleaseLibrary(string? defaultDataDirectory) : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly Dictionary<(string Path, string Images, ReleaseOptions Options, DateTime Written), Release> _read = [];
    private readonly Dictionary<string, ImageResolver> _resolvers = new(StringComparer.Ordinal);

    /// <summary>The cases that a request asks for.</summary>
    /// <param name="wanted">Which release.</param>
    /// <param name="limit">Only the first cases; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ReleaseException">The release is missing or its data is wrong.</exception>
    public async Task<Release> GetAsync(ReleaseSelection wanted, int? limit, CancellationToken cancellationToken)
    {
        var location = new ReleaseLocator().Locate(wanted.Source with
        {
            DataDirectory = wanted.Source.DataDirectory ?? defaultDataDirectory,
        });
        var options = new ReleaseOptions { AllowMissingImages = wanted.AllowMissingImages, ImageMode = wanted.ImageMode, Limit = limit };
        return await ReadAsync(location, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Every case of the release that a limited one is the beginning of: what the store keeps.</summary>
    public async Task<Release> WholeAsync(Release release, CancellationToken cancellationToken) =>
        await ReadAsync(ReleaseLocation.FromFile(release.JsonlPath, release.ImageRoot), new ReleaseOptions { CheckImages = false },
            cancellationToken).ConfigureAwait(false) with { Name = release.Name };

    /// <summary>Finds images below a release's image root.</summary>
    public Func<string, ImageFile?> ImageFinder(Release release)
    {
        lock (_resolvers)
        {
            if (!_resolvers.TryGetValue(release.ImageRoot, out var resolver))
                _resolvers[release.ImageRoot] = resolver = new ImageResolver(release.ImageRoot);
            return resolver.Find;
        }
    }

    public void Dispose() => _reading.Dispose();

    /// <summary>Reads a release, or returns what was read of it before under the same options.</summary>
    /// <exception cref="ReleaseException">The release is missing or its data is wrong.</exception>
    public async Task<Release> ReadAsync(ReleaseLocation location, ReleaseOptions options, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var key = (location.JsonlPath, location.ImageRoot, options, File.GetLastWriteTimeUtc(location.JsonlPath));
            if (!_read.TryGetValue(key, out var release))
                _read[key] = release = await ReleaseReader.ReadAsync(location, options, cancellationToken).ConfigureAwait(false);
            return release;
        }
        finally
        {
            _reading.Release();
        }
    }
}
