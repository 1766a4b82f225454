using LiveClin.Core.Formats;

namespace LiveClin.Core.Tables;

/// <summary>Writes tables into files: row by row, in any <see cref="TableFormat"/>.</summary>
public static class TableFile
{
    /// <summary>Writes a table; a file that is there is replaced as a whole.</summary>
    /// <param name="path">The file; its folder is created.</param>
    /// <param name="format">The format.</param>
    /// <param name="columns">The columns, in order.</param>
    /// <param name="rows">The rows; each is written before the next is asked for.</param>
    /// <param name="cancellationToken">Gives up; nothing is changed then.</param>
    /// <returns>The number of rows.</returns>
    /// <exception cref="IOException">It cannot be written; an existing file is untouched.</exception>
    public static async Task<long> WriteAsync<TRow>(
        string path, TableFormat format, IReadOnlyList<Column<TRow>> columns, IEnumerable<TRow> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        long written = 0;
        await AtomicFile.WriteAsync(path, async stream =>
        {
            await using var writer = await CreateAsync(stream, format, [.. columns.Select(column => (column.Name, column.Kind))],
                cancellationToken).ConfigureAwait(false);
            var values = new object?[columns.Count];
            foreach (var row in rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (var i = 0; i < values.Length; i++) values[i] = columns[i].Read(row);
                await writer.WriteAsync(values, cancellationToken).ConfigureAwait(false);
                written++;
            }
        }).ConfigureAwait(false);
        return written;
    }

    /// <summary>A small table as CSV in memory.</summary>
    /// <param name="columns">The columns, in order.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="isForSpreadsheet">As <see cref="TableFormat.SpreadsheetCsv"/>.</param>
    public static byte[] ToCsv<TRow>(IReadOnlyList<Column<TRow>> columns, IEnumerable<TRow> rows, bool isForSpreadsheet)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        using var stream = new MemoryStream();
        using (var csv = new CsvTableWriter(stream, [.. columns.Select(column => (column.Name, column.Kind))], isForSpreadsheet))
        {
            foreach (var row in rows) csv.Write([.. columns.Select(column => column.Read(row))]);
        }

        return stream.ToArray();
    }

    private static async Task<ITableWriter> CreateAsync(
        Stream stream, TableFormat format, IReadOnlyList<(string Name, ColumnKind Kind)> columns, CancellationToken cancellationToken) =>
            format switch
    {
        TableFormat.Csv => new CsvTableWriter(stream, columns, isForSpreadsheet: false),
        TableFormat.SpreadsheetCsv => new CsvTableWriter(stream, columns, isForSpreadsheet: true),
        TableFormat.Jsonl => new JsonlTableWriter(stream, columns),
        TableFormat.Parquet => await ParquetTableWriter.CreateAsync(stream, columns, cancellationToken).ConfigureAwait(false),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
    };
}

/// <summary>A file format of a table.</summary>
public enum TableFormat
{
    /// <summary>RFC 4180, verbatim.</summary>
    Csv = 0,

    /// <summary>CSV for spreadsheets: with a byte order mark, and an apostrophe before text that would run as a formula.</summary>
    SpreadsheetCsv = 1,

    /// <summary>One JSON object per row and line.</summary>
    Jsonl = 2,

    /// <summary>Apache Parquet.</summary>
    Parquet = 3,
}
