using ScottPlot.TickGenerators;

namespace LiveClin.Stats.Plots;

/// <summary>How many questions are solved by how large a share of the models.</summary>
public static class DifficultyPlot
{
    private const int Bins = 10;

    /// <summary>Draws the distribution.</summary>
    /// <param name="shares">Of each question, the share of models that solve it, 0 to 1.</param>
    /// <param name="title">Title.</param>
    /// <param name="theme">Colours.</param>
    public static PlotImage Draw(IReadOnlyList<double> shares, string title, PlotTheme theme)
    {
        var sheet = new Sheet(theme, title);
        var counts = new int[Bins];
        foreach (var share in shares) counts[Math.Clamp((int)(share * Bins), 0, Bins - 1)]++;
        for (var i = 0; i < Bins; i++)
        {
            var box = sheet.Plot.Add.Rectangle(i + 0.06, i + 0.94, 0, counts[i]);
            box.FillColor = theme.SeriesColor(0);
            box.LineWidth = 0;
            if (counts[i] > 0)
                sheet.Label(counts[i].ToString(System.Globalization.CultureInfo.InvariantCulture), i + 0.5, counts[i],
                    ScottPlot.Alignment.LowerCenter, offsetY: -2);
        }

        var ticks = new NumericManual();
        for (var i = 0; i <= Bins; i += 2) ticks.AddMajor(i, $"{i * 100 / Bins} %");
        sheet.Plot.Axes.Bottom.TickGenerator = ticks;
        sheet.Plot.Axes.Bottom.Label.Text = "share of models that solve it (baselines left out)";
        sheet.Plot.Axes.Left.Label.Text = "questions";
        sheet.Plot.Axes.SetLimits(0, Bins, 0, Math.Max(1, counts.Max()) * 1.12);
        sheet.Plot.Grid.XAxisStyle.IsVisible = false;
        var values = counts.Select((count, i) => $"{i * 10} to {(i + 1) * 10} %: {count}");
        return sheet.Finish(640, 360, shares.Count == 0, "Questions by share of models that solve them: " + string.Join(", ", values));
    }
}
