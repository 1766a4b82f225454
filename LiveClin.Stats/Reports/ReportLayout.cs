namespace LiveClin.Stats.Reports;

/// <summary>Where a report's plots stand: each under the table whose numbers it draws.</summary>
internal static class ReportLayout
{
    private static readonly (string Table, string[] Plots)[] Places =
    [
        ("leaderboard", ["case-accuracy", "published"]),
        ("uncertainty", ["calibration"]),
        ("comparison", ["forest"]),
        ("controls", ["controls-models"]),
        ("slices", ["heat-map", "modality"]),
        ("survival", ["position"]),
        ("suspect-keys", ["difficulty"]),
        ("letters", ["letters"]),
        ("cost", ["cost"]),
    ];

    /// <summary>
    /// The tables in their order, each with its plots; a last one without a table holds the plots that belong to none of those given.
    /// </summary>
    public static IEnumerable<(ReportTable? Table, IReadOnlyList<ReportPlot> Plots)> Sections(IEnumerable<ReportTable> tables,
        IReadOnlyList<ReportPlot> plots)
    {
        var left = plots.ToList();
        foreach (var table in tables)
        {
            var names = Array.Find(Places, p => p.Table == table.Name).Plots ?? [];
            var own = names.SelectMany(name => left.Where(plot => plot.Name == name)).ToList();
            left.RemoveAll(own.Contains);
            yield return (table, own);
        }

        if (left.Count > 0) yield return (null, left);
    }
}
