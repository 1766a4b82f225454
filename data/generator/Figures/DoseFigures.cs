using LiveClin.DemoFigures.Drawing;
using ScottPlot;

namespace LiveClin.DemoFigures.Figures;

/// <summary>Doses and what followed them.</summary>
internal static class DoseFigures
{
    /// <summary>The dose rises in steps; TSH becomes normal, then rises in spite of a higher dose.</summary>
    public static byte[] Levothyroxine()
    {
        double[] months = [0, 1, 2, 3, 6, 9, 12, 15, 18, 21, 24];
        double[] tsh = [284, 160, 62, 18, 4.1, 2.6, 2.2, 14, 36, 58, 48];
        var response = Chart.New("", "", "TSH (mIU/L)");
        var normal = response.Add.Rectangle(-1, 25, Math.Log10(.6), Math.Log10(4.8));
        normal.FillColor = Chart.Green.WithAlpha(.14);
        normal.LineColor = Colors.Transparent;
        response.Note("reference range", .2, Math.Log10(.75), Chart.Green, Alignment.LowerLeft);
        response.Curve(months, [.. tsh.Select(Math.Log10)], Chart.Blue, marker: 9);
        response.Axes.Left.LogTicks(.5, 1, 3, 10, 30, 100, 300);

        var dose = Chart.New("", "Months after diagnosis", "Levothyroxine (µg/day)");
        double[] steps = [0, .75, 1.5, 3, 15, 18, 21, 24], doses = [12.5, 25, 50, 75, 88, 100, 125, 125];
        var line = dose.Curve(steps, doses, Chart.Orange, width: 3);
        line.ConnectStyle = ConnectStyle.StepHorizontal;
        foreach (var (plot, bottom, top) in new[] { (response, -.4, 2.7), (dose, 0.0, 150.0) })
        {
            plot.Axes.Bottom.Ticks(0, 3, 6, 9, 12, 15, 18, 21, 24);
            plot.Axes.SetLimits(-.7, 24.7, bottom, top);
        }
        return Chart.Stack(820, 760, (response, .58), (dose, .42));
    }

    /// <summary>
    /// Semi-logarithmic nomogram: parallel lines that halve every four hours; the sample lies between the 300 and 450 lines.
    /// </summary>
    public static byte[] ParacetamolNomogram()
    {
        var plot = Chart.New("", "Hours since ingestion", "Plasma paracetamol (mg/L)");
        foreach (var (start, color, name) in new[] { (150.0, Chart.Red, "150 line (treatment line)"), (300, Chart.Orange, "300 line"),
            (450, Chart.Grey, "450 line") })
            plot.Curve([4, 24], [Math.Log10(start), Math.Log10(start / 32)], color, name, width: 2.4f);
        plot.Curve([15], [Math.Log10(55)], Chart.Blue, "Patient, 15 h: 55 mg/L", 14, 0);
        plot.Axes.Left.LogTicks(5, 10, 20, 50, 100, 200, 500);
        plot.Axes.Bottom.Ticks(0, 4, 8, 12, 16, 20, 24);
        plot.ShowLegend(Alignment.UpperRight);
        plot.Axes.SetLimits(0, 25, Math.Log10(4), Math.Log10(900));
        return plot.Png();
    }

    public static byte[] LiverCourse()
    {
        double[] hours = [15, 24, 36, 48, 64];
        var plot = Chart.New("", "Hours since ingestion", "Alanine aminotransferase (U/L)");
        plot.Curve(hours, [312, 1850, 6200, 10400, 12900], Chart.Blue, "ALT", 10);
        var inr = plot.Curve(hours, [1.4, 2.3, 3.8, 5.5, 7.4], Chart.Red, "INR", 10);
        inr.MarkerShape = MarkerShape.FilledSquare;
        inr.Axes.YAxis = plot.Right("INR", Chart.Red, 0, 9);
        plot.Axes.Left.Ticks(0, 3000, 6000, 9000, 12000, 15000);
        plot.Axes.Bottom.Ticks(12, 24, 36, 48, 60);
        plot.Axes.SetLimits(10, 68, 0, 15000);
        plot.ShowLegend(Alignment.UpperLeft);
        return plot.Png();
    }

    /// <summary>Glucose rises after the bolus and then falls below 3 mmol/L in the third hour.</summary>
    public static byte[] GlucoseAfterInsulin()
    {
        var plot = Chart.New("", "Minutes after insulin and glucose", "Plasma glucose (mmol/L)");
        plot.Curve([0, 15, 30, 60, 90, 120, 150, 180], [5.4, 12.6, 10.1, 7.2, 5.3, 4.1, 3.0, 2.3], Chart.Blue, marker: 10);
        plot.Add.HorizontalLine(3.9, 1.8f, Chart.Red, LinePattern.Dashed);
        plot.Note("3.9", 181, 4.15, Chart.Red, Alignment.LowerRight);
        plot.Axes.Bottom.Ticks(0, 30, 60, 90, 120, 150, 180);
        plot.Axes.SetLimits(-5, 190, 0, 14);
        return plot.Png(820, 500);
    }
}
