using System.Globalization;

namespace LiveClin.Core.Results;

/// <summary>A row of a store that cannot be read as what it is, and so is left out, or of which a part is.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Column">The column that does not hold what it must.</param>
/// <param name="Row">What it is a row of, in words; null where nothing tells.</param>
public sealed record DamagedRow(string Table, string Column, string? Row)
{
    /// <summary>What is wrong and what to do, in a sentence or two.</summary>
    public override string ToString() => Table switch
    {
        Runs => $"{Row}: what is stored of it cannot be read (column {Column}); it is left out, and its answers stay as they are. {Remedy}",
        Answers => $"an answer of {Row}: its place or outcome cannot be read (column {Column}); it counts as not run. {Remedy}",
        _ => $"{(Row is null ? "" : $"{Row}: ")}a row of {Table.Replace('_', ' ')} cannot be read (column {Column}); it is left out. "
            + Remedy,
    };

    internal const string Runs = "runs", Answers = "answers";

    /// <summary>How it comes back.</summary>
    public const string Remedy = "To repair: go on with a backup of the store, or 'merge' a backup and then this store into a new one";

    /// <summary>Damaged runs in a sentence, where everything else goes on; null when there are none.</summary>
    public static string? Summarize(IReadOnlyCollection<DamagedRow> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        const int MostNamed = 10;
        if (runs.Count == 0) return null;
        var more = runs.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $"; and {runs.Count - MostNamed} more") : "";
        var named = runs.Take(MostNamed).Select(run => $"{run.Row} (column {run.Column})");
        return $"Damaged in the store, and left out: {string.Join("; ", named)}{more}. {Remedy}.";
    }
}
