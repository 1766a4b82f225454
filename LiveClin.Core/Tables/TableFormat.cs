namespace LiveClin.Core.Tables;

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
