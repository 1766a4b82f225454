using LiveClin.Core.Bundles;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;

namespace LiveClin.Stats.Bundles;

/// <summary>A bundle as a temporary store, so that whatever reads stores reads bundles; gone when it is disposed.</summary>
internal sealed class OpenBundle : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private OpenBundle(DirectoryInfo folder, ResultStore store, BundleManifest manifest) =>
        (_folder, Store, Manifest) = (folder, store, manifest);

    /// <summary>The runs.</summary>
    public ResultStore Store { get; }

    /// <summary>What the bundle says of itself.</summary>
    public BundleManifest Manifest { get; }

    /// <summary>True when a file is a zip archive and no store.</summary>
    public static bool IsBundle(string path)
    {
        Span<byte> start = stackalloc byte[2];
        using var file = RegularFile.OpenRead(path);
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual("PK"u8);
    }

    /// <summary>The files of a bundle.</summary>
    /// <exception cref="BundleException">It is not as it was written.</exception>
    public static async Task<BundleFiles> ReadFilesAsync(string path, CancellationToken cancellationToken)
    {
        if (new FileInfo(path).Length > CanonicalZip.LargestArchive) throw new BundleException("It is larger than 2 GiB; no bundle is.");
        return new BundleFiles(CanonicalZip.Read(await Task.Run(() => RegularFile.ReadAllBytes(path), cancellationToken)));
    }

    /// <summary>The runs of a bundle.</summary>
    /// <exception cref="BundleException">A file is missing or wrong.</exception>
    public static async Task<OpenBundle> OpenAsync(BundleFiles files)
    {
        var folder = Directory.CreateTempSubdirectory("liveclin-bundle-");
        try
        {
            var path = Path.Combine(folder.FullName, "bundle.db");
            await using (var filled = ResultStore.Open(path)) await BundleContent.FillAsync(filled, files);
            return new OpenBundle(folder, ResultStore.OpenReadOnly(path), BundleContent.ReadManifest(files));
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
