using LiveClin.Stats.Comparison;

namespace LiveClin.Stats.Reports;

/// <summary>What needs no medicine, and whether it explains what models score.</summary>
internal static class FloorTables
{
    public static ReportTable Floors(Report report) => new(
        "floors", "Floors: what needs no medicine",
        "Computed from the release's keys and options; no run is needed. " + report.Best,
        ["Floor", "Questions", "Question accuracy", "Case accuracy", "Balanced"],
        [.. report.Floors.Select(floor => ReportTables.Row(
            floor.Name, ReportTables.Number(floor.Questions),
            ReportTables.Percent(floor.QuestionAccuracy), ReportTables.Percent(floor.CaseAccuracy),
            ReportTables.Percent(floor.BalancedAccuracy)))]);

    public static ReportTable Checks(Report report) => new(
        "above-floor", "Models against the best floor",
        "Question accuracy, model minus floor, paired and clustered by case. A model is called best only when the whole interval lies above 0 "
        + "and fewer than 90 % of its answers are one letter.",
        ["Model", "Floor", "Difference", "95 % of difference", "Most frequent letter", "Above the floors", "Finding"],
        [.. report.Models.Select(model => model.FloorCheck).OfType<Floors.FloorCheck>().Select(check => ReportTables.Row(
            check.Model, check.Floor.Name, ReportTables.Points(check.Difference.Difference), ReportTables.Ends(check.Difference),
            Letter(check), ReportTables.Flag(check.IsAbove), check.Statement))]);

    private static ReportCell Letter(Floors.FloorCheck check) => new(
        check.Letter is { } letter ? $"{letter}: {PairText.Share(check.LetterShare)}" : "",
        [new CellValue("", check.Letter?.ToString()), .. ReportTables.Share(check.LetterShare)
            .Values.Select(value => value with { Suffix = value.Suffix.Length == 0 ? "_share" : value.Suffix })]);
}
