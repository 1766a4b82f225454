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

    /// <summary>Full path of the file.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, FileName);

    /// <exception cref="ResultFileException">The run cannot be written in this format.</exception>
    public static RunExport Create(ResultStore store, RunResults results, ExportFormat format, CancellationToken cancellationToken)
    {
        var (extension, mediaType) = format switch
        {
            ExportFormat.Core => ("zip", "application/zip"),
            ExportFormat.V1 => ("json", "application/json"),
            ExportFormat.Jsonl => ("jsonl", "application/x-ndjson"),
            _ => ("csv", "text/csv"),
        };
        var stem = V1ResultsFile.FileName(results.Run.Specification.Model, results.Run.Specification.ReleaseName)[..^".json".Length];
        var export = new RunExport(Directory.CreateTempSubdirectory("liveclin-export-"), $"{stem}.{extension}", mediaType);
        try
        {
            export.Write(store, results, format, cancellationToken);
            return export;
        }
        catch
        {
            export.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(ResultStore store, RunResults results, ExportFormat format, CancellationToken cancellationToken)
    {
        switch (format)
        {
            case ExportFormat.Core:
                var cases = System.IO.Path.Combine(_folder.FullName, "cases");
                CoreExport.Write(store, results, cases, cancellationToken);
                ZipFile.CreateFromDirectory(cases, Path);
                break;
            case ExportFormat.V1:
                RunExporter.WriteV1(results, Path);
                break;
            case ExportFormat.Jsonl:
                RunExporter.WriteJsonl(results, Path);
                break;
            default:
                RunExporter.WriteCsv(results, Path);
                break;
        }
    }
}
