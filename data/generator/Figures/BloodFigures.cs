using LiveClin.DemoFigures.Drawing;
using ScottPlot;

namespace LiveClin.DemoFigures.Figures;

/// <summary>Courses of blood counts and proteins.</summary>
internal static class BloodFigures
{
    /// <summary>A fall by more than half that begins on day 5 of heparin.</summary>
    public static byte[] PlateletCourse()
    {
        var plot = Chart.New("", "Days after surgery", "Platelets (10^9/L)");
        plot.Period(0, 9, "unfractionated heparin 3 × 5000 units", 345, Chart.Orange);
        plot.Curve([-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [252, 238, 204, 212, 231, 248, 226, 171, 118, 86, 71], Chart.Blue, marker: 10);
        plot.Add.HorizontalLine(150, 1.5f, Chart.Grey, LinePattern.Dashed);
        plot.Note("lower limit 150", -1.4, 141, Chart.Grey, Alignment.UpperLeft);
        plot.Axes.Bottom.Ticks(-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        plot.Axes.SetLimits(-1.6, 9.8, 0, 360);
        return plot.Png();
    }

    /// <summary>Densitometry with a narrow peak in the gamma zone and little else there.</summary>
    public static byte[] Electrophoresis()
    {
        var positions = Signal.Times(0, 100, .25);
        var plot = Chart.New("", "Migration", "Optical density");
        var curve = plot.Curve(positions, [.. positions.Select(Density)], Chart.Blue, width: 2.5f);
        curve.FillY = true;
        curve.FillYColor = Chart.Blue.WithAlpha(.15);
        foreach (var edge in new[] { 30.0, 40, 54, 70 }) plot.Add.VerticalLine(edge, 1, Chart.Grey, LinePattern.Dotted);
        foreach (var (name, place) in new[] { ("albumin", 18.0), ("alpha-1", 35), ("alpha-2", 47), ("beta", 62), ("gamma", 84) })
            plot.Note(name, place, 1.12, Colors.Black, Alignment.UpperCenter);
        plot.Axes.Bottom.Ticks([5, 94], v => v < 50 ? "anode (+)" : "cathode (−)");
        plot.Axes.Left.Ticks(0, .5, 1);
        plot.Axes.SetLimits(-3, 103, 0, 1.15);
        return plot.Png(860, 520);

        static double Density(double x) =>
            Signal.Bell(x, 19, 4.2, .62) + Signal.Bell(x, 35, 2.2, .07) + Signal.Bell(x, 47, 3.2, .15) + Signal.Bell(x, 60, 2.6, .12)
                + Signal.Bell(x, 66, 2.2, .06)
            + Signal.Bell(x, 82, 2.1, .95) + Signal.Bell(x, 86, 8, .03);
    }

    /// <summary>Involved light chains: deep remission, then three rising values.</summary>
    public static byte[] LightChains()
    {
        double[] months = [0, 1, 2, 3, 4, 6, 9, 12, 15, 18, 21, 24, 26, 28, 30];
        double[] values = [8240, 1900, 540, 190, 95, 52, 38, 34, 33, 35, 34, 36, 88, 196, 410];
        var plot = Chart.New("", "Months after diagnosis", "Free kappa light chains (mg/L)");
        plot.Curve(months, [.. values.Select(Math.Log10)], Chart.Blue, marker: 9);
        foreach (var (month, value) in months.Zip(values).TakeLast(3))
            plot.Note($"{value}", month - .5, Math.Log10(value) + .07, Chart.Red, Alignment.LowerRight);
        plot.Note("33 (lowest)", 15, Math.Log10(33) - .1, Chart.Green, Alignment.UpperCenter);
        plot.Axes.Left.LogTicks(10, 30, 100, 300, 1000, 3000, 10000);
        plot.Axes.Bottom.Ticks(0, 6, 12, 18, 24, 30);
        plot.Axes.SetLimits(-1, 32, 1, 4.15);
        return plot.Png();
    }

    /// <summary>Ferritin rises while platelets and fibrinogen fall.</summary>
    public static byte[] MacrophageActivation()
    {
        double[] days = [1, 3, 5, 7, 8, 9];
        var counts = Chart.New("", "", "Platelets (10^9/L)");
        counts.Curve(days, [512, 468, 401, 214, 126, 68], Chart.Blue, "Platelets", 9);
        var right = counts.Right("Fibrinogen (g/L)", Chart.Orange, 0, 8);
        var fibrinogen = counts.Curve(days, [6.8, 6.2, 5.1, 2.9, 1.8, 1.1], Chart.Orange, "Fibrinogen", 9);
        fibrinogen.MarkerShape = MarkerShape.FilledSquare;
        fibrinogen.Axes.YAxis = right;
        counts.Axes.Bottom.Ticks(1, 3, 5, 7, 9);
        counts.Axes.SetLimits(.6, 9.4, 0, 640);
        counts.ShowLegend(Alignment.LowerLeft);

        var ferritin = Chart.New("", "Day in hospital", "Ferritin (µg/L)");
        ferritin.Curve(days, [.. new[] { 7850.0, 8100, 9600, 22400, 41000, 68500 }.Select(Math.Log10)], Chart.Red, "Ferritin", 9);
        ferritin.Axes.Left.LogTicks(3000, 10000, 30000, 100000);
        ferritin.Axes.Bottom.Ticks(1, 3, 5, 7, 9);
        ferritin.Axes.SetLimits(.6, 9.4, 3.4, 5.1);
        ferritin.ShowLegend(Alignment.UpperLeft);
        ferritin.Axes.Right.MinimumSize = ferritin.Axes.Right.MaximumSize = 76;
        return Chart.Stack(860, 780, (counts, .5), (ferritin, .5));
    }
}
