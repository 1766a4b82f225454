using ScottPlot;

namespace LiveClin.Stats.Plots;

/// <summary>Observed case accuracy of slices against what their question accuracy would give if questions stood alone.</summary>
public static class CalibrationPlot
{
    /// <summary>Draws a mark per slice; on the diagonal the two agree.</summary>
    public static PlotImage Draw(IReadOnlyList<CalibrationPoint> points, string title, PlotTheme theme)
    {
        var sheet = new Sheet(theme, title);
        var shown = points.Where(p => double.IsFinite(p.Expected) && double.IsFinite(p.Observed)).ToList();
        var top = Math.Min(1, shown.SelectMany(p => new[] { p.Expected, double.IsFinite(p.High) ? p.High : p.Observed }).DefaultIfEmpty(1)
            .Max() + 0.05);
        var diagonal = sheet.Plot.Add.Line(0, 0, top, top);
        (diagonal.LineColor, diagonal.LinePattern, diagonal.MarkerSize) = (theme.Muted, LinePattern.Dashed, 0);
        foreach (var point in shown)
        {
            if (double.IsFinite(point.Low)) sheet.Whisker(point.Expected, point.Low, point.High, horizontal: false, theme.Muted, 1, 0.004);
            sheet.Plot.Add.Marker(point.Expected, point.Observed, MarkerShape.FilledCircle, 9, theme.SeriesColor(0));
        }

        sheet.Plot.Add.Plottable(
            new PointLabels([.. shown.Select(p => new PointLabel(Sheet.Short(p.Label, 30), p.Expected, p.Observed))], theme, 10.5f));

        sheet.Percent(sheet.Plot.Axes.Bottom, -0.03, top + 0.03, "case accuracy expected if questions were independent");
        sheet.Percent(sheet.Plot.Axes.Left, -0.03, top + 0.03, "observed case accuracy");
        return sheet.Finish(760, 520, shown.Count == 0,
            string.Join(", ", shown.Select(p =>
            $"{p.Label}: expected {Sheet.Text(p.Expected * 100)} %, observed {Sheet.Text(p.Observed * 100)} %")));
    }
}

/// <summary>A slice in a <see cref="CalibrationPlot"/>.</summary>
/// <param name="Label">The slice.</param>
/// <param name="Expected">Case accuracy under independence, 0 to 1.</param>
/// <param name="Observed">Observed case accuracy.</param>
/// <param name="Low">Lower end of its interval; NaN when there is none.</param>
/// <param name="High">Upper end.</param>
public sealed record CalibrationPoint(string Label, double Expected, double Observed, double Low, double High);
