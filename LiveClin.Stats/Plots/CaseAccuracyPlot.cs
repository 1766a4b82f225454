namespace LiveClin.Stats.Plots;

/// <summary>The published chart remade: case accuracy by model, families by colour and hatch, physician lines, and intervals.</summary>
public static class CaseAccuracyPlot
{
    private const string Unnamed = "Other";

    /// <summary>Draws the bars in the given order, the first on top.</summary>
    public static PlotImage Draw(IReadOnlyList<AccuracyBar> bars, IReadOnlyList<ReferenceLine> lines, string title, PlotTheme theme)
    {
        var sheet = new Sheet(theme, title);
        var shown = bars.Select((bar, i) => new HatchedBar(-i, Known(bar.Value), ColorOf(bar, theme), HatchOf(bar.Group))).ToList();
        sheet.Plot.Add.Plottable(new HatchedBars(shown, theme.Background));
        for (var i = 0; i < bars.Count; i++)
        {
            var bar = bars[i];
            sheet.Whisker(-i, bar.Low, bar.High, horizontal: true, theme.Text);
            sheet.Label(double.IsNaN(bar.Value) ? "no cases" : Sheet.Text(bar.Value * 100), double.IsNaN(bar.High)
                ? Known(bar.Value) : bar.High, -i, ScottPlot.Alignment.MiddleLeft, offsetX: 6);
        }

        var end = Math.Min(1, bars.Select(b => double.IsNaN(b.High) ? Known(b.Value) : b.High).Concat(lines.Select(l => l.Value))
            .DefaultIfEmpty(1).Max() + 0.06);
        sheet.Percent(sheet.Plot.Axes.Bottom, 0, end,
            "cases with every question correct" + (bars.Any(b => double.IsFinite(b.High)) ? "; whiskers: 95 % interval" : ""));
        sheet.Names(sheet.Plot.Axes.Left, [.. bars.Select(b => b.Label)], downwards: true);
        var swatches = bars.DistinctBy(b => (b.Family, b.Group))
            .Select(b => new Swatch(Sheet.Short(b.Family ?? Unnamed), ColorOf(b, theme), HatchOf(b.Group))).ToList();
        AddLines(sheet, lines, bars.Count, swatches.Count);
        sheet.Plot.Grid.YAxisStyle.IsVisible = false;
        sheet.Plot.Add.Plottable(new SwatchLegend(swatches, theme));
        var values = bars.Select(b => $"{b.Label} {Sheet.Text(Known(b.Value) * 100)} %")
            .Concat(lines.Select(l => $"{l.Label} {Sheet.Text(l.Value * 100)} %"));
        return sheet.Finish(900, 120 + (Math.Max(4, bars.Count) * 25), bars.Count == 0, string.Join(", ", values));
    }

    // The names stand above the legend, to the left of their lines, where the lowest bars leave room.
    private static void AddLines(Sheet sheet, IReadOnlyList<ReferenceLine> lines, int rows, int swatches)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            var drawn = sheet.Plot.Add.VerticalLine(lines[i].Value, 1.4f, sheet.Theme.SeriesColor(1), i % 2 == 0
                ? ScottPlot.LinePattern.Dashed : ScottPlot.LinePattern.Dotted);
            drawn.ExcludeFromLegend = true;
        }

        var lowest = Math.Min(swatches, Math.Max(0, rows - lines.Count - 1)) - rows + 0.5;
        for (var i = 0; i < lines.Count; i++)
        {
            var label = sheet.Label($"{lines[i].Label} {Sheet.Text(lines[i].Value * 100)}", lines[i].Value, lowest + (0.8 * (i + 1)),
                ScottPlot.Alignment.MiddleRight, sheet.Theme.SeriesColor(1), offsetX: -5);
            label.LabelBackgroundColor = sheet.Theme.Background;
        }
    }

    private static ScottPlot.Color ColorOf(AccuracyBar bar, PlotTheme theme) =>
        bar.Group is ModelGroup.Floor or ModelGroup.Simulated ? theme.Muted : ModelFamilies.ColorOf(bar.Family, theme);

    private static Hatch HatchOf(ModelGroup group) => group switch
    {
        ModelGroup.OpenGeneral => Hatch.Rising,
        ModelGroup.Medical => Hatch.Crossed,
        ModelGroup.Floor => Hatch.Open,
        ModelGroup.Simulated => Hatch.Rising,
        _ => Hatch.Solid,
    };

    private static double Known(double value) => double.IsNaN(value) ? 0 : value;
}

/// <summary>A model's bar.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Value">Case accuracy, 0 to 1; NaN when unknown.</param>
/// <param name="Low">Lower end of its interval; NaN when there is none.</param>
/// <param name="High">Upper end.</param>
/// <param name="Family">Its family, which gives the colour; null when unknown.</param>
/// <param name="Group">What kind of model it is, which gives the hatch.</param>
public sealed record AccuracyBar(string Label, double Value, double Low, double High, string? Family, ModelGroup Group);

/// <summary>A line across the bars.</summary>
/// <param name="Label">What it stands for.</param>
/// <param name="Value">Its place, 0 to 1.</param>
public sealed record ReferenceLine(string Label, double Value);

/// <summary>Kinds of models as the published chart tells them apart, floors, and simulated examinees.</summary>
public enum ModelGroup
{
    /// <summary>Not open.</summary>
    Proprietary = 0,

    /// <summary>Open, for everything.</summary>
    OpenGeneral = 1,

    /// <summary>Made for medicine.</summary>
    Medical = 2,

    /// <summary>Knows no medicine: a floor.</summary>
    Floor = 3,

    /// <summary>A simulated examinee.</summary>
    Simulated = 4,
}
