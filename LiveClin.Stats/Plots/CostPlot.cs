using ScottPlot;
using ScottPlot.TickGenerators;

namespace LiveClin.Stats.Plots;

/// <summary>Case accuracy against what a case costs, whatever that is counted in.</summary>
public static class CostPlot
{
    /// <summary>Draws the models; the cost axis is logarithmic when the costs are more than ten times apart.</summary>
    public static PlotImage Draw(IReadOnlyList<CostPoint> points, string axis, string title, PlotTheme theme)
    {
        var sheet = new Sheet(theme, title);
        var shown = points.Where(p => double.IsFinite(p.Cost) && double.IsFinite(p.Accuracy)).ToList();
        var positive = shown.Where(p => p.Cost > 0).Select(p => p.Cost).ToList();
        var logarithmic = positive.Count == shown.Count && positive.Count > 1 && positive.Max() > 10 * positive.Min();
        double At(double cost) => logarithmic ? Math.Log10(cost) : cost;
        for (var i = 0; i < shown.Count; i++)
        {
            var point = shown[i];
            var color = point.IsApart ? theme.Muted : ModelFamilies.ColorOf(point.Family, theme);
            if (double.IsFinite(point.Low))
            {
                var line = sheet.Plot.Add.Line(At(point.Cost), point.Low, At(point.Cost), point.High);
                (line.LineColor, line.LineWidth, line.MarkerSize) = (color, 1.4f, 0);
            }

            sheet.Plot.Add.Marker(At(point.Cost), point.Accuracy, point.IsApart ? MarkerShape.OpenCircle : MarkerShape.FilledCircle, 10,
                color);
        }

        sheet.Plot.Add.Plottable(
            new PointLabels([.. shown.Select(p => new PointLabel(Sheet.Short(p.Label, 26), At(p.Cost), p.Accuracy))], theme, 11));

        var (low, high) = shown.Count == 0 ? (0, 1) : (shown.Min(p => At(p.Cost)), shown.Max(p => At(p.Cost)));
        var room = Math.Max((high - low) * 0.22, logarithmic ? 0.3 : Math.Max(Math.Abs(high) * 0.1, 1e-9));
        if (!logarithmic) sheet.Plot.Axes.Bottom.TickGenerator = new NumericAutomatic { TickDensity = 0.4 };
        else
        {
            var ticks = new NumericManual();
            for (var power = Math.Floor(low); power <= Math.Ceiling(high); power++)
                foreach (var digit in new[] { 1, 2, 5 }) ticks.AddMajor(power + Math.Log10(digit), Amount(digit * Math.Pow(10, power)));
            sheet.Plot.Axes.Bottom.TickGenerator = ticks;
        }

        sheet.Percent(sheet.Plot.Axes.Left, -0.03,
            Math.Min(1.03, shown.Select(p => double.IsFinite(p.High) ? p.High : p.Accuracy).DefaultIfEmpty(1).Max() + 0.05),
            "cases correct");
        (sheet.Plot.Axes.Bottom.Min, sheet.Plot.Axes.Bottom.Max) = (logarithmic ? low - room : Math.Max(0, low - room), high + room);
        sheet.Plot.Axes.Bottom.Label.Text = axis;
        return sheet.Finish(760, 460, shown.Count == 0,
            string.Join(", ", shown.Select(p => $"{p.Label}: {Amount(p.Cost)}, {Sheet.Text(p.Accuracy * 100)} %")));
    }

    private static string Amount(double value) =>
        value.ToString(value >= 100 ? "#,0" : "0.####", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A model's place in a <see cref="CostPlot"/>.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Cost">What a case costs.</param>
/// <param name="Accuracy">Case accuracy, 0 to 1.</param>
/// <param name="Low">Lower end of its interval; NaN when there is none.</param>
/// <param name="High">Upper end.</param>
/// <param name="IsApart">Whether it is a floor or a simulated examinee.</param>
/// <param name="Family">Its family, which gives the colour; null when unknown.</param>
public sealed record CostPoint(string Label, double Cost, double Accuracy, double Low, double High, bool IsApart, string? Family);
