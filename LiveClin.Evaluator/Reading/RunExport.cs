using System.IO.Compression;
using LiveClin.Core.Exchange;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Reading;

/// <summary>A run's results as one file in a folder of its own, which goes with this object.</summary>
internal sealed class RunExport : IDisposable
{
    private readonly DirectoryInfo _folder;

    private RunExport(DirectoryInfo folder, string name, string mediaType)
    {
        _folder = folder;
        FileName = name;
        MediaType = mediaType;
    }

    /// <summary>Name of the file.</summary>
    public string FileName { get; }

    /// <summary>Its media type.</summary>
    public string MediaType { get; }

    /// <summary>What of the run is damaged, and so not in the file.</summary>
    public IReadOnlyList<StoreDamage> Damage { get; private set; } = [];

    /// <summary>Full path of the file.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, FileName);

    /// <param name="store">The store.</param>
    /// <param name="run">The run.</param>
    /// <param name="epoch">The epoch; null for the first in the published formats, which hold one, and for all in tables.</param>
    /// <param name="format">The format.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ResultFileException">The run cannot be written in this format.</exception>
    public static async Task<RunExport> CreateAsync(ResultStore store, RunInfo run, int? epoch, ExportFormat format,
        CancellationToken cancellationToken)
    {
        var (extension, mediaType) = ExportFormats.FileOf(format);
        var stem = V1ResultsFile.FileName(run.Specification.ModelUnderCondition, run.Specification.ReleaseName)[..^".json".Length];
        var export = new RunExport(Directory.CreateTempSubdirectory("liveclin-export-"), $"{stem}.{extension}", mediaType);
        try
        {
            export.Damage = await export.WriteAsync(store, run, epoch, format, cancellationToken);
            return export;
        }
        catch
        {
            export.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<IReadOnlyList<StoreDamage>> WriteAsync(
        ResultStore store, RunInfo run, int? epoch, ExportFormat format, CancellationToken cancellationToken)
    {
        if (ExportFormats.TableOf(format) is { } table)
            return (await ResultTables.WriteAnswersAsync(store, [run], epoch, table, Path, cancellationToken)).Damaged;

        var results = RunResults.Load(store, run, epoch ?? 1);
        if (format == ExportFormat.V1)
        {
            RunExporter.WriteV1(results, Path);
            return results.Damaged;
        }

        var cases = System.IO.Path.Combine(_folder.FullName, "cases");
        CoreExport.Write(store, results, cases, cancellationToken);
        await ZipFile.CreateFromDirectoryAsync(cases, Path, cancellationToken);
        return results.Damaged;
    }
}
