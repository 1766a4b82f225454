using ScottPlot;

namespace LiveClin.Stats.Plots;

/// <summary>
/// A score under one condition after the other: a bar with its interval, a line at the same questions as published, and the floor.
/// </summary>
public static class ControlPlot
{
    /// <summary>Draws the bars in the given order, the first on top.</summary>
    /// <param name="bars">The bars.</param>
    /// <param name="floor">The best floor and its question accuracy; null without one.</param>
    /// <param name="title">Title.</param>
    /// <param name="theme">Colours.</param>
    public static PlotImage Draw(IReadOnlyList<ControlBar> bars, (string Name, double Value)? floor, string title, PlotTheme theme)
    {
        ArgumentNullException.ThrowIfNull(bars);
        var sheet = new Sheet(theme, title);
        for (var i = 0; i < bars.Count; i++)
        {
            var bar = bars[i];
            var (color, hatch) = i == 0 ? (theme.SeriesColor(0), Hatch.Solid) : bar.IsTold
                ? (theme.SeriesColor(1), Hatch.Solid) : (theme.Muted, Hatch.Rising);
            sheet.Plot.Add.Plottable(new HatchedBars([new HatchedBar(-i, bar.Value, color, hatch)], theme.Background) { Thickness = 0.3 });
            sheet.Whisker(-i, bar.Low, bar.High, horizontal: true, theme.Text, 1.6f);
            if (!double.IsFinite(bar.Published)) continue;
            var mark = sheet.Plot.Add.Line(bar.Published, -i - 0.36, bar.Published, -i + 0.36);
            (mark.LineColor, mark.LineWidth, mark.MarkerSize) = (theme.Text, 2.4f, 0);
        }

        if (floor is { } line)
        {
            var at = sheet.Plot.Add.VerticalLine(line.Value, 1.4f, theme.Muted, LinePattern.Dashed);
            at.ExcludeFromLegend = true;
            sheet.Label($"floor {line.Name}", line.Value, 0.62, line.Value > 0.6 ? Alignment.LowerRight : Alignment.LowerLeft,
                offsetX: line.Value > 0.6 ? -5 : 5);
        }

        sheet.Percent(
            sheet.Plot.Axes.Bottom, 0, 1,
            "questions correct; whiskers: 95 % interval; upright line: the same questions as published; hatched: not told apart");
        sheet.Names(sheet.Plot.Axes.Left, [.. bars.Select(bar => bar.Name)], downwards: true);
        sheet.Plot.Axes.Left.Max = 1.1;
        sheet.Plot.Grid.YAxisStyle.IsVisible = false;
        sheet.Plot.HideLegend();
        var values = bars.Select(bar =>
            $"{bar.Name} {Sheet.Text(bar.Value * 100)} % ({Sheet.Text(bar.Low * 100)} to {Sheet.Text(bar.High * 100)})");
        return sheet.Finish(900, 130 + (Math.Max(4, bars.Count) * 34), bars.Count == 0, string.Join(", ", values));
    }
}

/// <summary>A bar of a <see cref="ControlPlot"/>.</summary>
/// <param name="Name">The condition.</param>
/// <param name="Value">Question accuracy under it, 0 to 1.</param>
/// <param name="Low">Lower end of its interval; NaN when there is none.</param>
/// <param name="High">Upper end.</param>
/// <param name="Published">Accuracy on the same questions as published; NaN where the bar is that itself.</param>
/// <param name="IsTold">Whether the corrected test tells the two apart.</param>
public sealed record ControlBar(string Name, double Value, double Low, double High, double Published, bool IsTold);
