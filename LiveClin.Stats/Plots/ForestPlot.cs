using ScottPlot;

namespace LiveClin.Stats.Plots;

/// <summary>Differences between models with their intervals; filled marks where a test tells them apart.</summary>
public static class ForestPlot
{
    /// <summary>Draws the differences in the given order, the first on top.</summary>
    public static PlotImage Draw(IReadOnlyList<Difference> differences, string title, PlotTheme theme)
    {
        var sheet = new Sheet(theme, title);
        for (var i = 0; i < differences.Count; i++)
        {
            var difference = differences[i];
            var color = difference.Distinct ? theme.SeriesColor(difference.Value < 0 ? 1 : 0) : theme.Muted;
            sheet.Whisker(-i, difference.Low, difference.High, horizontal: true, color, 2);
            var shape = difference.Distinct ? MarkerShape.FilledDiamond : MarkerShape.OpenDiamond;
            var mark = sheet.Plot.Add.Marker(difference.Value, -i, shape, 11, color);
            mark.MarkerStyle.CustomRenderer = PathMark.Of(mark.MarkerStyle.Shape);
        }

        var reach = differences.SelectMany(d => new[] { d.Low, d.High, d.Value }).Where(double.IsFinite).Select(Math.Abs)
            .DefaultIfEmpty(0.1).Max() * 1.1;
        reach = Math.Clamp(reach, 0.05, 1);
        sheet.Percent(sheet.Plot.Axes.Bottom, -reach, reach, "difference in percentage points; filled: told apart after Holm's correction");
        var labels = differences.Select(d => $"{Sheet.Short(d.First, 30)} − {Sheet.Short(d.Second, 30)}").ToList();
        sheet.Names(sheet.Plot.Axes.Left, labels, downwards: true, length: 63);
        var zero = sheet.Plot.Add.VerticalLine(0, 1.2f, theme.Text);
        zero.ExcludeFromLegend = true;
        var values = differences.Select(d =>
            $"{d.First} − {d.Second} {Sheet.Text(d.Value * 100)} points ({Sheet.Text(d.Low * 100)} to {Sheet.Text(d.High * 100)})");
        using var font = PlotFonts.Font(12, bold: false);
        var column = labels.Select(l => font.MeasureText(l)).DefaultIfEmpty(0).Max();
        return sheet.Finish(Math.Max(900, 600 + (int)column), 120 + (Math.Max(4, differences.Count) * 25), differences.Count == 0,
            string.Join(", ", values));
    }
}

/// <summary>A difference between two models.</summary>
/// <param name="First">One.</param>
/// <param name="Second">The other.</param>
/// <param name="Value">The first's share less the second's, −1 to 1.</param>
/// <param name="Low">Lower end of its interval; NaN when there is none.</param>
/// <param name="High">Upper end.</param>
/// <param name="Distinct">Whether a test tells the two apart.</param>
public sealed record Difference(string First, string Second, double Value, double Low, double High, bool Distinct);
