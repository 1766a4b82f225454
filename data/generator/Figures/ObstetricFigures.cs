using LiveClin.DemoFigures.Drawing;
using ScottPlot;

namespace LiveClin.DemoFigures.Figures;

/// <summary>Doppler signal of the umbilical artery and cardiotocogram.</summary>
internal static class ObstetricFigures
{
    /// <summary>Systolic peaks that fall to the zero line well before the next beat.</summary>
    public static byte[] AbsentDiastolicFlow()
    {
        const double cycle = .43;
        var times = Signal.Times(0, 3, .004);
        var envelope = times.Select(t => Velocity(t % cycle) * (1 + .04 * Signal.Wander(t * 3))).ToArray();
        var plot = Chart.New("Umbilical artery", "Time (s)", "Velocity (cm/s)");
        plot.DataBackground.Color = Color.FromHex("#101418");
        plot.Grid.MajorLineColor = Colors.White.WithAlpha(.10);
        var curve = plot.Curve(times, envelope, Color.FromHex("#f3d9a4"), width: 2);
        curve.FillY = true;
        curve.FillYColor = Color.FromHex("#c8a260").WithAlpha(.75);
        plot.Add.HorizontalLine(0, 1.5f, Colors.White);
        plot.Axes.SetLimits(0, 3, -25, 70);
        return plot.Png(860, 460);

        static double Velocity(double t) => t < .24 ? 52 * Math.Pow(Math.Sin(Math.PI * Math.Pow(t / .24, .62)), 1.15) : 0;
    }

    /// <summary>Little variability and decelerations that reach their lowest point after the peak of each contraction.</summary>
    public static byte[] LateDecelerations()
    {
        double[] contractions = [2, 5, 8, 11];
        var minutes = Signal.Times(0, 13, .01);
        var heart = Chart.New("", "", "Fetal heart rate (/min)");
        heart.Curve(minutes,
            [.. minutes.Select(t => 150 + 1.6 * Signal.Wander(t * 9) - contractions.Sum(c => Signal.Bell(t, c + .65, .30, 32)))],
            Colors.Black, width: 1.6f);
        var womb = Chart.New("", "Time (min)", "Uterine activity");
        womb.Curve(minutes, [.. minutes.Select(t => 12 + 1.2 * Signal.Wander(t * 14, 3)
            + contractions.Sum(c => Signal.Bell(t, c, .28, 58)))], Colors.Black, width: 1.6f);
        heart.Axes.Left.Ticks(60, 80, 100, 120, 140, 160, 180, 200);
        womb.Axes.Left.Ticks(0, 20, 40, 60, 80, 100);
        foreach (var (plot, bottom, top) in new[] { (heart, 60.0, 200.0), (womb, 0.0, 100.0) })
        {
            plot.Axes.Bottom.Ticks([.. Enumerable.Range(0, 14).Select(i => (double)i)]);
            plot.Axes.SetLimits(0, 13, bottom, top);
            foreach (var peak in contractions) plot.Add.VerticalLine(peak, 1, Chart.Grey, LinePattern.Dotted);
        }
        return Chart.Stack(960, 700, (heart, .55), (womb, .45));
    }
}
