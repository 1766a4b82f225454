using System.Text.Json;

namespace LiveClin.Core.Formats;

/// <summary>The published core tools' results: a folder with one evaluated JSON file per case.</summary>
public static class CoreFolder
{
    /// <summary>Name of the statistics file that the published tool writes into the folder.</summary>
    public const string StatisticsFile = "0.statistics.json";

    /// <summary>Name of the report that the published tool writes into the folder.</summary>
    public const string ReportFile = "0.evaluation_report.txt";

    /// <summary>
    /// Full paths of the case files, in the published order (by code point); subfolders and the statistics file are left out.
    /// </summary>
    /// <exception cref="ResultFileException">There is no such folder.</exception>
    public static IReadOnlyList<string> CaseFiles(string folder)
    {
        if (!Directory.Exists(folder)) throw new ResultFileException(folder, "", "there is no such folder");
        // Filtered here: on some systems a pattern also matches longer extensions or other cases.
        var files = Directory.EnumerateFiles(folder)
            .Where(path => path.EndsWith(".json", StringComparison.Ordinal) && Path.GetFileName(path) != StatisticsFile)
            .ToList();
        files.Sort((a, b) => PythonFormat.Compare(Path.GetFileName(a), Path.GetFileName(b)));
        return files;
    }

    /// <summary>Reads one case file.</summary>
    /// <exception cref="ResultFileException">The file is broken.</exception>
    public static CoreCaseFile ReadCase(string path) => CoreCaseReader.Read(path);

    /// <summary>Reads one case from a line of a release, or from a case file's text.</summary>
    /// <param name="json">The JSON text.</param>
    /// <param name="name">How to call it in messages, and the case's file name.</param>
    /// <exception cref="ResultFileException">The text is broken.</exception>
    public static CoreCaseFile ParseCase(string json, string name) => CoreCaseReader.Parse(json, name);

    /// <summary>Reads all case files in order, several at a time; files that cannot be read come as errors in their place.</summary>
    /// <exception cref="ResultFileException">There is no such folder.</exception>
    public static IEnumerable<CoreCaseResult> ReadCases(string folder, CancellationToken cancellationToken) =>
        CaseFiles(folder).AsParallel().AsOrdered().WithMergeOptions(ParallelMergeOptions.AutoBuffered).WithCancellation(cancellationToken)
            .Select(path =>
        {
            try { return new CoreCaseResult(Path.GetFileName(path), ReadCase(path), null); }
            catch (ResultFileException error) { return new CoreCaseResult(Path.GetFileName(path), null, error); }
        });

    /// <summary>The case without the models' entries, as one JSON line of a release.</summary>
    /// <exception cref="ResultFileException">The file is broken.</exception>
    public static string ReadReleaseLine(string path)
    {
        using var document = PythonJson.ParseFile(path, Path.GetFileName(path), isText: true);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = 512,
        }))
            CoreCaseWriter.WriteWithoutEntries(writer, document.RootElement);
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>
    /// Puts a model's entries into a case file: earlier entries of the same model go, everything else stays as it is.
    /// A file that is not there is made from the release's line.
    /// </summary>
    /// <param name="folder">The folder; created when absent.</param>
    /// <param name="fileName">Name of the case's file.</param>
    /// <param name="releaseJson">The case's JSON line, for a new file.</param>
    /// <param name="entries">One entry per question, in order, all of one model.</param>
    /// <exception cref="ResultFileException">The existing file is broken or another case; it is left as it is.</exception>
    public static void Merge(string folder, string fileName, string releaseJson, IReadOnlyList<CoreEntry> entries)
    {
        if (Path.GetFileName(fileName) != fileName || fileName is "" or "." or "..")
            throw new ResultFileException(fileName, "", "this is not a plain file name");
        var path = Path.Combine(folder, fileName);
        using var document = File.Exists(path)
            ? PythonJson.ParseFile(path, path, allowDuplicates: false)
            : JsonDocument.Parse(releaseJson, new JsonDocumentOptions { MaxDepth = 512 });
        CoreCaseWriter.Check(document.RootElement, path, entries);
        AtomicFile.Write(path, stream =>
        {
            using var writer = new PythonJsonWriter(stream);
            CoreCaseWriter.Write(writer, document.RootElement, entries);
        });
    }
}

/// <summary>A case file of a folder: its content, or why it cannot be read.</summary>
/// <param name="FileName">The file's name.</param>
/// <param name="Case">Its content; null when it cannot be read.</param>
/// <param name="Error">Why not.</param>
public sealed record CoreCaseResult(string FileName, CoreCaseFile? Case, ResultFileException? Error);
