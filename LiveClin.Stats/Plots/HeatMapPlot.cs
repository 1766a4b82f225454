using ScottPlot;

namespace LiveClin.Stats.Plots;

/// <summary>Shares by row and column, for example models × chapters; each cell says its number.</summary>
public static class HeatMapPlot
{
    /// <summary>Draws the cells.</summary>
    /// <param name="rows">Names of the rows, the first on top.</param>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="values">Shares, 0 to 1, by row and column; NaN where there is none.</param>
    /// <param name="title">Title.</param>
    /// <param name="theme">Colours.</param>
    public static PlotImage Draw(IReadOnlyList<string> rows, IReadOnlyList<string> columns, double[,] values, string title, PlotTheme theme)
    {
        var sheet = new Sheet(theme, title);
        // Viridis is read alike with and without full colour vision, and in grey.
        var map = new ScottPlot.Colormaps.Viridis();
        var small = rows.Count * columns.Count > 240;
        for (var r = 0; r < rows.Count; r++)
        {
            for (var c = 0; c < columns.Count; c++)
            {
                var value = values[r, c];
                var cell = sheet.Plot.Add.Rectangle(c - 0.5, c + 0.5, -r - 0.5, -r + 0.5);
                cell.FillColor = double.IsNaN(value) ? theme.Background : map.GetColor(value);
                cell.LineColor = theme.Background;
                cell.LineWidth = 1;
                var text = double.IsNaN(value) ? "–" : (value * 100).ToString("0", System.Globalization.CultureInfo.InvariantCulture);
                sheet.Label(text, c, -r, Alignment.MiddleCenter, double.IsNaN(value) ? theme.Muted : value > 0.5
                    ? Colors.Black : Colors.White, small ? 9.5f : 11.5f);
            }
        }

        var plot = sheet.Plot;
        plot.HideGrid();
        sheet.Names(plot.Axes.Left, rows, downwards: true);
        sheet.Names(plot.Axes.Bottom, [.. columns.Select(c => Sheet.Short(c, 32))], downwards: false);
        (plot.Axes.Left.Min, plot.Axes.Left.Max, plot.Axes.Bottom.Min, plot.Axes.Bottom.Max) =
            (-rows.Count + 0.5, 0.5, -0.5, columns.Count - 0.5);
        plot.Axes.Bottom.TickLabelStyle.Rotation = 35;
        plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleLeft;
        plot.Axes.Bottom.MinimumSize = 150;
        plot.Axes.Right.MinimumSize = 150;
        return sheet.Finish(
            Math.Max(640, 400 + (columns.Count * 46)), 240 + (Math.Max(3, rows.Count) * 24), rows.Count == 0 || columns.Count == 0,
            $"Percent by {rows.Count} rows and {columns.Count} columns; the page's table has the numbers.");
    }
}
