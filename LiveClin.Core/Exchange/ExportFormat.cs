namespace LiveClin.Core.Exchange;

/// <summary>A file format of a run's results.</summary>
public enum ExportFormat
{
    /// <summary>The published core folder: one evaluated JSON file per case; an existing folder gains the model's entries.</summary>
    Core = 0,

    /// <summary>The published v1 results file.</summary>
    V1 = 1,

    /// <summary>One JSON object per answer and line.</summary>
    Jsonl = 2,

    /// <summary>A table with one row per answer (RFC 4180).</summary>
    Csv = 3,

    /// <summary>The same table as Apache Parquet.</summary>
    Parquet = 4,
}
