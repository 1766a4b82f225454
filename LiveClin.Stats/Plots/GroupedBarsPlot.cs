using ScottPlot;

namespace LiveClin.Stats.Plots;

/// <summary>Shares by group, for example by image modality: a dot with its interval per model, a row per group.</summary>
public static class GroupedBarsPlot
{
    // Beyond this many models the dots stand without whiskers.
    private const int WithIntervals = 6;

    /// <summary>Draws the groups in the given order, the first on top.</summary>
    public static PlotImage Draw(IReadOnlyList<string> models, IReadOnlyList<ShareGroup> groups, string title, PlotTheme theme)
    {
        var sheet = new Sheet(theme, title);
        for (var m = 0; m < models.Count; m++)
        {
            var color = theme.SeriesColor(m);
            var offset = models.Count == 1 ? 0 : 0.32 - (0.64 * m / (models.Count - 1));
            for (var g = 0; g < groups.Count; g++)
            {
                var share = groups[g].Shares[m];
                if (!double.IsFinite(share.Value)) continue;
                var at = -g + offset;
                if (models.Count <= WithIntervals)
                    sheet.Plot.Add.Plottable(new HatchedBars([new HatchedBar(at, share.Value, color, Hatch.Solid)], theme.Background)
                    {
                        Thickness = 0.26 / models.Count,
                    });
                if (models.Count <= WithIntervals)
                    sheet.Whisker(at, share.Low, share.High, horizontal: true, theme.Text, 1, 0.16 / models.Count);
                else sheet.Plot.Add.Marker(share.Value, at, m / theme.Series.Length % 2 == 0
                    ? MarkerShape.FilledCircle : MarkerShape.OpenCircle, 6, color);
            }

            sheet.Plot.Legend.ManualItems.Add(new LegendItem
            {
                LabelText = Sheet.Short(models[m], 26),
                MarkerStyle = new MarkerStyle(m / theme.Series.Length % 2 == 0 ? MarkerShape.FilledSquare : MarkerShape.OpenCircle, 9,
                    color),
            });
        }

        sheet.Percent(sheet.Plot.Axes.Bottom, 0, 1, models.Count <= WithIntervals
            ? "questions correct; whiskers: 95 % interval" : "questions correct");
        sheet.Names(sheet.Plot.Axes.Left, [.. groups.Select(g => $"{g.Label} ({g.Count})")], downwards: true);
        sheet.Plot.Grid.YAxisStyle.IsVisible = false;
        if (models.Count > 1) sheet.Plot.ShowLegend(Edge.Right);
        else sheet.Plot.HideLegend();
        var row = Math.Clamp(models.Count * 9, 24, 60);
        var values = groups.Select(g =>
            $"{g.Label}: {string.Join(", ", g.Shares.Select((s, m) => (s, m)).Where(s => double.IsFinite(s.s.Value)).Select(s => $"{models[s.m]} {Sheet.Text(s.s.Value * 100)} %"))}");
        return sheet.Finish(900, Math.Max(110 + (Math.Max(3, groups.Count) * row), models.Count > 1 ? 110 + (models.Count * 22) : 0),
            groups.Count == 0 || models.Count == 0, string.Join("; ", values));
    }
}

/// <summary>A row of a <see cref="GroupedBarsPlot"/>.</summary>
/// <param name="Label">The group.</param>
/// <param name="Count">Number of questions in it.</param>
/// <param name="Shares">A share per model.</param>
public sealed record ShareGroup(string Label, int Count, IReadOnlyList<Share> Shares);

/// <summary>A share with its interval.</summary>
/// <param name="Value">0 to 1; NaN when there is none.</param>
/// <param name="Low">Lower end of its interval; NaN when there is none.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Share(double Value, double Low, double High);
