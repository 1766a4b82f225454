using ScottPlot;
using ScottPlot.TickGenerators;

namespace LiveClin.Stats.Plots;

/// <summary>A share along ordered places, for example accuracy by position of the question; one line per model.</summary>
public static class CurvePlot
{
    private static readonly MarkerShape[] Shapes =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond,
        MarkerShape.OpenCircle, MarkerShape.OpenSquare, MarkerShape.OpenTriangleUp, MarkerShape.OpenDiamond,
    ];

    // More intervals than these would cover each other.
    private const int WithIntervals = 4;

    /// <summary>Draws the lines.</summary>
    public static PlotImage Draw(IReadOnlyList<Curve> curves, IReadOnlyList<string> places, string title, string axis, PlotTheme theme)
    {
        var sheet = new Sheet(theme, title);
        for (var i = 0; i < curves.Count; i++)
        {
            var points = curves[i].Points.Where(p => double.IsFinite(p.Value)).ToList();
            if (points.Count == 0) continue;
            var color = theme.SeriesColor(i);
            var shift = curves.Count <= WithIntervals ? (i - ((curves.Count - 1) / 2.0)) * 0.07 : 0;
            var line = sheet.Plot.Add.Scatter(points.Select(p => p.Place + shift).ToArray(), points.Select(p => p.Value).ToArray(), color);
            line.LineWidth = 2;
            line.MarkerShape = Shapes[(i + (i / theme.Series.Length * 3)) % Shapes.Length];
            line.MarkerStyle.CustomRenderer = PathMark.Of(line.MarkerShape);
            line.MarkerSize = 8;
            line.LegendText = Sheet.Short(curves[i].Label);
            if (curves.Count > WithIntervals) continue;
            foreach (var point in points) sheet.Whisker(point.Place + shift, point.Low, point.High, horizontal: false, color, 1.2f, 0.03);
        }

        var ticks = new NumericManual();
        for (var i = 0; i < places.Count; i++) ticks.AddMajor(i, Sheet.Short(places[i]));
        sheet.Plot.Axes.Bottom.TickGenerator = ticks;
        sheet.Plot.Axes.Bottom.Label.Text = axis;
        (sheet.Plot.Axes.Bottom.Min, sheet.Plot.Axes.Bottom.Max) = (-0.4, places.Count - 0.6);
        sheet.Percent(sheet.Plot.Axes.Left, 0, 1, "");
        if (curves.Count > 1) sheet.Plot.ShowLegend(Edge.Right);
        else sheet.Plot.HideLegend();
        var values = curves.Select(c =>
            $"{c.Label}: {string.Join(", ", c.Points.Where(p => double.IsFinite(p.Value)).Select(p => $"{places[p.Place]} {Sheet.Text(p.Value * 100)} %"))}");
        return sheet.Finish(curves.Count > 1 ? 900 : 640, Math.Max(380, 110 + (curves.Count * 22)), curves.All(c => c.Points.Count == 0)
            || places.Count == 0, string.Join("; ", values));
    }
}

/// <summary>A line of a <see cref="CurvePlot"/>.</summary>
/// <param name="Label">Whose.</param>
/// <param name="Points">Its points.</param>
public sealed record Curve(string Label, IReadOnlyList<CurvePoint> Points);

/// <summary>A point of a <see cref="Curve"/>.</summary>
/// <param name="Place">Index of its place.</param>
/// <param name="Value">The share, 0 to 1.</param>
/// <param name="Low">Lower end of its interval; NaN when there is none.</param>
/// <param name="High">Upper end.</param>
public sealed record CurvePoint(int Place, double Value, double Low, double High);
