using LiveClin.Core.Cases;
using LiveClin.Core.Exchange;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Imports;
using LiveClin.Evaluator.Runs;
using Microsoft.Extensions.Options;

namespace LiveClin.Evaluator.Service;

/// <summary>Takes uploads in, two at a time: each may take as much memory and disk as its files are long.</summary>
internal sealed class ImportService(
    ResultStore store, ResultImporter importer, ReleaseCatalog releases, IOptions<EvaluatorOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _uploading = new(2, 2);
    private readonly SemaphoreSlim _importing = new(1, 1);

    /// <summary>Waits for a place; disposing of what it gives leaves it to the next one.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _uploading.WaitAsync(cancellationToken);
        return new Place(_uploading);
    }

    /// <summary>Stores what was uploaded: all of it, or nothing.</summary>
    /// <param name="upload">What was uploaded, in full.</param>
    /// <param name="release">Name or SHA-256 of the release, if known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UploadException">Something cannot be read.</exception>
    /// <exception cref="Core.Releases.ReleaseException">The release is not known.</exception>
    public async Task<(IReadOnlyList<ImportedRun> Runs, IReadOnlyList<ImportedResults> Results)> ImportAsync(Upload upload, string? release,
        CancellationToken cancellationToken)
    {
        await _importing.WaitAsync(cancellationToken);
        try
        {
            Release? named = string.IsNullOrEmpty(release) ? null : await releases.GetAsync(release, cancellationToken);
            var imageRoot = Path.Combine(options.Value.FolderOf(store), "uploaded-images");
            var results = await Task.Run(() => UploadedResults.Read(upload, named, importer.Known(named), imageRoot, cancellationToken),
                cancellationToken);
            return (await importer.StoreAllAsync("upload of " + upload.Name, results, cancellationToken), results);
        }
        finally
        {
            _importing.Release();
        }
    }

    public void Dispose()
    {
        _uploading.Dispose();
        _importing.Dispose();
    }

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
