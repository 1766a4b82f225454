using LiveClin.Core.Tables;

namespace LiveClin.Core.Exchange;

/// <summary>What the formats of an export are.</summary>
public static class ExportFormats
{
    /// <summary>The table's format; null for the published formats, which hold one epoch of one run.</summary>
    /// <param name="format">The format.</param>
    /// <param name="forSpreadsheet">Whether a CSV is for spreadsheets.</param>
    public static TableFormat? TableOf(ExportFormat format, bool forSpreadsheet = false) => format switch
    {
        ExportFormat.Jsonl => TableFormat.Jsonl,
        ExportFormat.Csv => forSpreadsheet ? TableFormat.SpreadsheetCsv : TableFormat.Csv,
        ExportFormat.Parquet => TableFormat.Parquet,
        _ => null,
    };
}
