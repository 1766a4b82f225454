using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;
using LiveClin.Core.Formats;

namespace LiveClin.Core.Exchange;

/// <summary>Writes a run's results into files that other programs read.</summary>
public static class RunExporter
{
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    // Replies are read by people; only what JSON itself demands is escaped.
    private static readonly ResultRowJson Json = new(new JsonSerializerOptions(ResultRowJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static readonly CsvWriterOptions CsvOptions = CsvWriterOptions.Default with
    {
        NewLine = "\n",
        TrueValue = "true",
        FalseValue = "false",
        Injection = CsvInjection.Escape,
    };

    /// <summary>A run's results in the published v1 format, the published summary included.</summary>
    public static V1Results ToV1(RunResults results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var specification = results.Run.Specification;
        return new V1Results
        {
            Meta = new V1Meta
            {
                Model = specification.Model,
                Dataset = specification.ReleaseName,
                ImageMode = specification.ImageMode,
                ApiBase = specification.Endpoint,
                StartedAt = Time(results.Run.StartedAt),
                FinishedAt = results.Run.FinishedAt is { } finished ? Time(finished) : null,
            },
            Cases = [.. results.Release.Cases.Select(one => ResultConversion.ToV1(one, results.Of(one), question => results.LettersOf(one, question)))],
        };
    }

    /// <summary>Writes the published v1 results file.</summary>
    /// <exception cref="IOException">It cannot be written; an existing file is untouched.</exception>
    public static void WriteV1(RunResults results, string path) => V1ResultsFile.Write(path, ToV1(results));

    /// <summary>Writes one JSON object per question and line.</summary>
    /// <exception cref="IOException">It cannot be written; an existing file is untouched.</exception>
    public static void WriteJsonl(RunResults results, string path) => AtomicFile.Write(path, stream =>
    {
        foreach (var row in ResultRow.From(results))
        {
            JsonSerializer.Serialize(stream, row, Json.ResultRow);
            stream.Write(LineEnd);
        }
    });

    /// <summary>Writes a table with one row per question. Text that a spreadsheet would take for a formula gets an apostrophe in front.</summary>
    /// <exception cref="IOException">It cannot be written; an existing file is untouched.</exception>
    public static void WriteCsv(RunResults results, string path) => AtomicFile.Write(path, stream =>
    {
        // The same columns under the same names as in the JSONL export.
        var columns = Json.ResultRow.Properties;
        using var csv = CsvWriter.Create(stream, CsvOptions, leaveOpen: true);
        csv.WriteHeader([.. columns.Select(column => column.Name)]);
        foreach (var row in ResultRow.From(results))
        {
            foreach (var column in columns) csv.WriteField(column.Get!(row));
            csv.EndRecord();
        }
    });

    // As Python's isoformat prints it.
    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'+00:00'", CultureInfo.InvariantCulture);
}
