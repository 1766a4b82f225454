using System.Reflection;
using System.Runtime.InteropServices;
using LiveClin.Core.Bundles;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Bundles;

/// <summary>Makes a bundle of runs: the same runs give the same bytes.</summary>
internal static class BundleMaker
{
    /// <summary>This program, as it stands in manifests.</summary>
    public static (string Version, string? Commit) Program { get; } = ReadProgram();

    /// <summary>Writes the bundle; returns its files' names.</summary>
    /// <exception cref="StoreException">There is no such run.</exception>
    /// <exception cref="BundleException">It would be too large.</exception>
    public static async Task<IEnumerable<string>> MakeAsync(ResultStore store, IReadOnlyList<string> runIds, string path,
        CancellationToken cancellationToken)
    {
        var runs = RunsOf(store, runIds);
        if (runs.Select(run => run.Specification.ReleaseSha256).Distinct().Count() > 1)
            throw new StoreException(StoreProblem.Other, "The runs are on different releases; a bundle holds runs on one release.");
        var content = BundleContent.Of(store, runs, Program.Version, Program.Commit, RuntimeInformation.RuntimeIdentifier);
        // Computed from what is in the bundle and from nothing else.
        await using var bundle = await OpenBundle.OpenAsync(new BundleFiles(content));
        var files = new BundleFiles([.. content, .. BundleReport.Of(bundle, cancellationToken)]);
        AtomicFile.Write(path, stream => CanonicalZip.Write(stream, files.WithSums()));
        return files.Names;
    }

    /// <summary>The runs that are named.</summary>
    /// <exception cref="StoreException">There is no such run.</exception>
    public static IReadOnlyList<RunInfo> RunsOf(ResultStore store, IReadOnlyList<string> runIds) =>
    [
        .. runIds.Select(id => store.FindRun(id) ?? throw new StoreException(StoreProblem.Other, $"{store.Path}: there is no run '{id}'."))
            .DistinctBy(run => run.Id),
    ];

    private static (string Version, string? Commit) ReadProgram()
    {
        var version = typeof(BundleMaker).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? "0.0.0";
        return version.Split('+') is [var number, { Length: > 0 } commit] ? (number, commit) : (version, null);
    }
}
