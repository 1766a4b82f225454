using ScottPlot.TickGenerators;

namespace LiveClin.Stats.Plots;

/// <summary>How often each letter is chosen, beside how often it is the key.</summary>
public static class LetterPlot
{
    /// <summary>Draws two bars per letter.</summary>
    public static PlotImage Draw(IReadOnlyList<LetterShare> letters, string title, PlotTheme theme)
    {
        var sheet = new Sheet(theme, title);
        for (var i = 0; i < letters.Count; i++)
        {
            Bar(sheet, i - 0.2, letters[i].Chosen, theme.SeriesColor(0), filled: true);
            Bar(sheet, i + 0.2, letters[i].Key, theme.SeriesColor(1), filled: false);
        }

        var ticks = new NumericManual();
        for (var i = 0; i < letters.Count; i++) ticks.AddMajor(i, Sheet.Short(letters[i].Letter));
        sheet.Plot.Axes.Bottom.TickGenerator = ticks;
        var top = Math.Min(1, letters.Select(l => Math.Max(l.Chosen, l.Key)).Where(double.IsFinite).DefaultIfEmpty(1).Max() * 1.15);
        sheet.Percent(sheet.Plot.Axes.Left, 0, Math.Max(0.1, top), "share of questions");
        (sheet.Plot.Axes.Bottom.Min, sheet.Plot.Axes.Bottom.Max) = (-0.6, letters.Count - 0.4);
        sheet.Plot.Grid.XAxisStyle.IsVisible = false;
        sheet.Plot.Legend.ManualItems.Add(new ScottPlot.LegendItem
        {
            LabelText = "chosen",
            MarkerStyle = new ScottPlot.MarkerStyle(ScottPlot.MarkerShape.FilledSquare, 10, theme.SeriesColor(0)),
        });
        sheet.Plot.Legend.ManualItems.Add(new ScottPlot.LegendItem
        {
            LabelText = "key",
            MarkerStyle = new ScottPlot.MarkerStyle(ScottPlot.MarkerShape.OpenSquare, 10, theme.SeriesColor(1)),
        });
        sheet.Plot.ShowLegend(ScottPlot.Alignment.UpperRight);
        return sheet.Finish(640, 360, letters.Count == 0,
            string.Join(", ", letters.Select(l => $"{l.Letter}: chosen {Sheet.Text(l.Chosen * 100)} %, key {Sheet.Text(l.Key * 100)} %")));
    }

    private static void Bar(Sheet sheet, double at, double value, ScottPlot.Color color, bool filled)
    {
        if (!double.IsFinite(value)) return;
        var box = sheet.Plot.Add.Rectangle(at - 0.18, at + 0.18, 0, value);
        box.FillColor = filled ? color : sheet.Theme.Background;
        box.LineColor = color;
        box.LineWidth = 1.5f;
    }
}

/// <summary>A letter's share of the answers and of the keys.</summary>
/// <param name="Letter">The letter.</param>
/// <param name="Chosen">Share of the answered questions on which it is chosen.</param>
/// <param name="Key">Share of the questions whose key it is.</param>
public sealed record LetterShare(string Letter, double Chosen, double Key);
