namespace LiveClin.Evaluator.Datasets;

/// <summary>
/// Downloads a release from the hub into <c>DATA/RELEASE/</c>. The JSONL file comes last, so that a release is found only when it is
/// whole.
/// </summary>
internal sealed class ReleaseDownload(HubSettings settings, TimeProvider time, Func<TimeSpan, CancellationToken, Task>? delay = null)
{
    private readonly HubRetry _retry = new(settings.MaxFailures, delay ?? ((wait, token) => Task.Delay(wait, time, token)));

    /// <summary>Downloads what is not there yet; returns the release's folder.</summary>
    /// <param name="name">The release's name, whatever its case and underscores.</param>
    /// <param name="dataDirectory">The folder for releases; made when it does not exist.</param>
    /// <param name="started">Told once what there is to do, and given the progress to watch.</param>
    /// <param name="cancellationToken">Stops the download; what has arrived is kept.</param>
    /// <exception cref="HubException">It cannot be downloaded.</exception>
    public async Task<string> RunAsync(string name, string dataDirectory, Action<HubRelease, DownloadProgress> started,
        CancellationToken cancellationToken)
    {
        using var http = new HubHttp(settings);
        var release = await new HubListing(settings, http, _retry).FindAsync(name, cancellationToken);
        var folder = Path.Combine(Path.GetFullPath(dataDirectory), release.Name);
        Directory.CreateDirectory(folder);
        RequireSpace(release, folder);
        var progress = new DownloadProgress(release.Files.Count, release.Files.Sum(f => f.Size), time);
        started(release, progress);
        var download = new FileDownload(settings, http, _retry, progress);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = settings.Parallel, CancellationToken = cancellationToken };
        foreach (var part in release.Files.GroupBy(IsJsonl).OrderBy(g => g.Key))
            await EachAsync(part, parallel,
                async (file, token) => await download.RunAsync(file, Path.Combine(folder, file.RelativePath), token));
        return folder;
    }

    // The first failure is the one to report; the others are mostly the cancellation that it caused.
    private static async Task EachAsync(IEnumerable<HubFile> files, ParallelOptions parallel,
        Func<HubFile, CancellationToken, ValueTask> body)
    {
        Exception? first = null;
        try
        {
            await Parallel.ForEachAsync(files, parallel, async (file, token) =>
            {
                try
                {
                    await body(file, token);
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref first, e, null);
                    throw;
                }
            });
        }
        catch (Exception) when (first is not null and not OperationCanceledException)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }
    }

    private static void RequireSpace(HubRelease release, string folder)
    {
        var present = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
        var needed = release.Files.Sum(f => f.Size) - present;
        if (new DriveInfo(folder).AvailableFreeSpace is var free && free < needed)
            throw new HubException($"{folder} needs {needed / 1e6:F0} MB more, but only {free / 1e6:F0} MB are free there.", isSetup: true);
    }

    private static bool IsJsonl(HubFile file) => file.RelativePath.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);
}
