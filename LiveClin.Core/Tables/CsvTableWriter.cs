using System.Text;
using CsvHelper;
using LiveClin.Core.Text;

namespace LiveClin.Core.Tables;

/// <summary>
/// RFC 4180: lines end with CR LF, quotes are doubled. An absent value is an empty field. People open such files in terminals and
/// spreadsheets, so that what a model wrote is made harmless (<see cref="ShownText"/>); JSON lines and Parquet hold every text as it is.
/// </summary>
internal sealed class CsvTableWriter : ITableWriter, IDisposable
{
    private static readonly CsvWriterOptions Verbatim = CsvWriterOptions.Default with { NewLine = "\r\n", Injection = CsvInjection.None };

    private static readonly CsvWriterOptions ForSpreadsheets = Verbatim with { Injection = CsvInjection.Escape };

    private readonly CsvWriter _csv;

    public CsvTableWriter(Stream stream, IReadOnlyList<(string Name, ColumnKind Kind)> columns, bool isForSpreadsheet)
    {
        // Without the mark, spreadsheets take UTF-8 for the machine's code page.
        if (isForSpreadsheet) stream.Write(Encoding.UTF8.Preamble);
        _csv = CsvWriter.Create(stream, isForSpreadsheet ? ForSpreadsheets : Verbatim, leaveOpen: true);
        _csv.WriteHeader([.. columns.Select(column => column.Name)]);
    }

    public ValueTask WriteAsync(object?[] values, CancellationToken cancellationToken)
    {
        Write(values);
        return ValueTask.CompletedTask;
    }

    public void Write(object?[] values)
    {
        foreach (var value in values) Write(value);
        _csv.EndRecord();
    }

    public void Dispose() => _csv.Dispose();

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    // Numbers go as numbers: no spreadsheet takes a negative one for a formula.
    private void Write(object? value)
    {
        switch (value)
        {
            case null: _csv.WriteField(""); break;
            case string text: _csv.WriteField(ShownText.Lines(text)); break;
            case long number: _csv.WriteField(number, default); break;
            case double number: _csv.WriteField(number, default); break;
            case DateTimeOffset time: _csv.WriteField(TableText.Time(time)); break;
            default: throw new ArgumentOutOfRangeException(nameof(value), value, null);
        }
    }
}
