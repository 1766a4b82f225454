namespace LiveClin.Core.Results;

/// <summary>What the rows of a query are, so that a damaged one can be told.</summary>
/// <param name="Table">Their table.</param>
/// <param name="Name">What they belong to, in words; null where nothing tells.</param>
/// <param name="IsTold">False where whoever reads the same rows one by one tells it.</param>
internal readonly record struct StoredRows(string Table, string? Name = null, bool IsTold = true)
{
    /// <summary>Rows of a run.</summary>
    public static StoredRows Of(string table, string runId) => new(table, $"run {runId}");
}
