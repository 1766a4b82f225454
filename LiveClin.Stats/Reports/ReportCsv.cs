using System.Collections.Immutable;
using LiveClin.Core.Tables;
using Column = LiveClin.Core.Tables.Column<System.Collections.Immutable.ImmutableArray<LiveClin.Stats.Reports.ReportCell>>;

namespace LiveClin.Stats.Reports;

/// <summary>A report's table for programs: every number in a column of its own, in full precision.</summary>
internal static class ReportCsv
{
    /// <summary>The table as CSV.</summary>
    /// <param name="table">The table.</param>
    /// <param name="isForSpreadsheet">With a byte order mark, and an apostrophe before text that would run as a formula.</param>
    public static byte[] Bytes(ReportTable table, bool isForSpreadsheet = false) =>
        TableFile.ToCsv(Columns(table), table.Rows, isForSpreadsheet);

    /// <summary>The columns: <c>case_accuracy</c>, <c>cases_count</c>, <c>cases_total</c>, <c>cases_lower</c>, …</summary>
    public static ImmutableArray<Column> Columns(ReportTable table) =>
    [
        .. table.Columns.SelectMany((column, place) =>
            Suffixes(table, place).Select(suffix => Read(table, column.Name + suffix, place, suffix))),
    ];

    // Of a column whose cells are partly empty text, the others say what it holds.
    private static IEnumerable<string> Suffixes(ReportTable table, int place)
    {
        var values = table.Rows.SelectMany(row => row[place].Values).ToList();
        var suffixes = values.Select(value => value.Suffix).Distinct().ToList();
        return suffixes.Count > 1 && values.TrueForAll(value => value is not { Suffix: "", Value: not null })
            ? suffixes.Where(suffix => suffix.Length > 0) : suffixes;
    }

    private static Column Read(ReportTable table, string name, int place, string suffix)
    {
        var values = table.Rows.Select(row => Find(row[place], suffix)).Where(value => value is not null).ToList();
        if (values.Count > 0 && values.TrueForAll(value => value is long))
            return Column.Integer(name, row => (long?)Find(row[place], suffix));
        return values.Count > 0 && values.TrueForAll(value => value is long or double)
            ? Column.Real(name, row => Find(row[place], suffix) is { } value ? Convert.ToDouble(value, null) : null)
            : Column.Text(name, row => Find(row[place], suffix) is { } value ? FormattableString.Invariant($"{value}") : null);
    }

    private static object? Find(ReportCell cell, string suffix) =>
        cell.Values.FirstOrDefault(value => value.Suffix == suffix).Value is var value && value is double.NaN ? null : value;
}
