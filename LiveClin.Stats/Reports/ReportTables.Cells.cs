using System.Collections.Immutable;
using System.Globalization;
using LiveClin.Core.Simulated;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.Items;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Reports;

/// <content>Cells: how values are written for people, and what they are for machines.</content>
public static partial class ReportTables
{
    internal static ImmutableArray<ReportCell> Row(params ImmutableArray<ReportCell> cells) => cells;

    /// <summary><c>3/10</c>; <c>_count</c>, <c>_total</c>.</summary>
    internal static ReportCell Counts(Ratio ratio) => new(Of(ratio), CountValues(ratio));

    /// <summary><c>30.0 % (3/10)</c>; the share, <c>_count</c>, <c>_total</c>.</summary>
    internal static ReportCell Share(Ratio ratio) =>
        new(ratio.Total == 0 ? "" : $"{Percent(ratio.Value)} ({Of(ratio)})",
            [new CellValue("", Known(ratio.Value)), .. CountValues(ratio)]);

    /// <summary><c>30.0 %</c>; the share.</summary>
    internal static ReportCell Percent(double share) =>
        Real(share, double.IsFinite(share) ? (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %" : "");

    /// <summary><c>20.0 – 40.0 %</c>; <c>_lower</c>, <c>_upper</c>.</summary>
    internal static ReportCell Range(Interval interval) => Ends(interval, double.IsNaN(interval.Low)
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{interval.Low * 100:0.0} – {interval.High * 100:0.0} %"));

    /// <summary>A difference of shares in percentage points; as a fraction.</summary>
    internal static ReportCell Points(double difference) => Real(difference, PointsText(difference));

    /// <summary>The interval of a difference in percentage points; <c>_lower</c>, <c>_upper</c>.</summary>
    internal static ReportCell Ends(PairedDifference difference) => PointEnds(difference.Interval());

    internal static ReportCell PointEnds(Interval interval) => double.IsFinite(interval.Low)
        ? Ends(interval, $"{PointsText(interval.Low)} to {PointsText(interval.High)}")
        : Ends(Interval.None, "");

    /// <summary>A probability.</summary>
    internal static ReportCell P(double value) =>
        Real(value, double.IsNaN(value) ? "" : value < 0.0001 ? "<0.0001" : value.ToString("0.0000", CultureInfo.InvariantCulture));

    // Rounded first: a small negative number would come out as −0.00.
    internal static ReportCell Two(double value) =>
        Real(value, double.IsFinite(value) ? (Math.Round(value, 2) + 0.0).ToString("0.00", CultureInfo.InvariantCulture) : "");

    internal static ReportCell Four(double? value) =>
        Real(value ?? double.NaN, value is { } number && double.IsFinite(number)
        ? number.ToString("0.0000", CultureInfo.InvariantCulture) : "");

    internal static ReportCell Whole(double? value) => Real(value ?? double.NaN, value?.ToString("0", CultureInfo.InvariantCulture) ?? "");

    internal static ReportCell Number(int value) => Long(value);

    internal static ReportCell Long(long? value) => new(value?.ToString(CultureInfo.InvariantCulture) ?? "", [new CellValue("", value)]);

    internal static ReportCell Flag(bool value) => new(value ? "yes" : "no", [new CellValue("", value ? 1L : 0L)]);

    // "gpt-x (incomplete)": a program wants the bare name.
    private static ReportCell Name(ModelResults model) => new(
        model.Model + model.Kind switch { ModelKind.Floor => " (floor)", ModelKind.Simulated => " (simulated)", _ => "" }
            + (model.IsComplete ? "" : " (incomplete)") + (model.IsPartial ? " (partial)" : ""),
        [new CellValue("", model.Model), new CellValue("_kind", model.Kind.ToString().ToLowerInvariant()),
            new CellValue("_complete", model.IsComplete ? 1L : 0L), new CellValue("_partial", model.IsPartial ? 1L : 0L)]);

    private static ReportCell Place(int position) =>
        new("Q" + position.ToString(CultureInfo.InvariantCulture), [new CellValue("", (long)position)]);

    private static ReportCell ChiSquare(LetterBias bias) =>
        new($"{Two(bias.ChiSquare)} ({bias.DegreesOfFreedom})",
            [new CellValue("", Known(bias.ChiSquare)), new CellValue("_df", (long)bias.DegreesOfFreedom)]);

    // One that covers only a part of the release takes none.
    private static ReportCell Rank(Report report, ModelResults results)
    {
        var rank = results.IsPartial
            ? null : report.Comparison.Ranks[report.Comparison.Models.Select(m => m.Model).ToList().IndexOf(results.Model)];
        return new ReportCell(rank?.ToString() ?? "",
            [new CellValue("_lower", (long?)rank?.Best), new CellValue("_upper", (long?)rank?.Worst)]);
    }

    private static ReportCell Ends(Interval interval, string text) =>
        new(text, [new CellValue("_lower", Known(interval.Low)), new CellValue("_upper", Known(interval.High))]);

    private static ReportCell Real(double value, string text) => new(text, [new CellValue("", Known(value))]);

    private static object? Known(double value) => double.IsFinite(value) ? value : null;

    private static ImmutableArray<CellValue> CountValues(Ratio ratio) =>
        [new CellValue("_count", (long)ratio.Count), new CellValue("_total", (long)ratio.Total)];

    private static string Of(Ratio ratio) => $"{ratio.Count}/{ratio.Total}";

    private static string PointsText(double difference) =>
        double.IsFinite(difference) ? (Math.Round(difference * 100, 1) + 0.0).ToString("0.0", CultureInfo.InvariantCulture) : "";
}
