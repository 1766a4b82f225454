using LiveClin.DemoFigures.Drawing;
using ScottPlot;

namespace LiveClin.DemoFigures.Figures;

/// <summary>Flow–volume loop, peak flow at home and vital capacity.</summary>
internal static class LungFigures
{
    /// <summary>Both limbs are cut off at a constant flow: fixed narrowing of the large airway.</summary>
    public static byte[] FlowVolumeLoop()
    {
        const double vitalCapacity = 3.4;
        var volumes = Signal.Times(0, vitalCapacity, .02);
        var plot = Chart.New("", "Expired volume (L)", "Flow (L/s)");
        plot.Curve([.. volumes, .. volumes.Reverse()], [.. volumes.Select(Predicted), .. volumes.Reverse().Select(PredictedInspiration)],
            Chart.Grey, "Predicted", width: 2).Dashed();
        plot.Curve([.. volumes, .. volumes.Reverse()],
            [.. volumes.Select(v => SoftMinimum(Predicted(v), 2.6)),
                .. volumes.Reverse().Select(v => -SoftMinimum(-PredictedInspiration(v), 2.4))], Chart.Blue, "Patient", width: 3);
        plot.Add.HorizontalLine(0, 1.2f, Colors.Black);
        plot.Note("Expiration", 2.6, 6.6);
        plot.Note("Inspiration", 2.6, -5.6);
        plot.ShowLegend(Alignment.UpperRight);
        plot.Axes.SetLimits(-.2, 3.9, -6.6, 8);
        return plot.Png(820, 640);

        static double Predicted(double v) =>
            v < .45 ? 6.8 * Math.Sin(Math.PI / 2 * v / .45) : 6.8 * Math.Pow(Math.Max(0, vitalCapacity - v) / (vitalCapacity - .45), 1.1);
        static double PredictedInspiration(double v) => -5.2 * Math.Pow(Math.Sin(Math.PI * v / vitalCapacity), .7);
        // The limit is approached smoothly, as measured loops do.
        static double SoftMinimum(double a, double limit) => a <= 0 ? 0 : Math.Pow(Math.Pow(a, -12) + Math.Pow(limit, -12), -1.0 / 12);
    }

    /// <summary>Every dilatation helps for a shorter time than the one before.</summary>
    public static byte[] PeakFlowRecord()
    {
        double[] dilatations = [0, 16, 27, 36, 43];
        double[] peaks = [385, 365, 350, 335, 320], troughs = [172, 166, 160, 155, 205];
        double[] ends = [16, 27, 36, 43, 47];
        List<double> weeks = [], flows = [];
        for (var i = 0; i < dilatations.Length; i++)
            for (var week = dilatations[i]; week < ends[i]; week += .5)
            {
                var progress = (week - dilatations[i]) / (ends[i] - dilatations[i]);
                weeks.Add(week);
                flows.Add(peaks[i] + (troughs[i] - peaks[i]) * Math.Pow(progress, 1.25) + 8 * Signal.Wander(week * 5, 1));
            }
        var plot = Chart.New("", "Weeks since the first dilatation", "Peak expiratory flow (L/min)");
        plot.Curve([.. weeks], [.. flows], Chart.Blue, marker: 4, width: 1.5f);
        foreach (var week in dilatations[1..])
        {
            var arrow = plot.Add.Arrow(new Coordinates(week, 462), new Coordinates(week, 412));
            arrow.ArrowFillColor = Chart.Red;
            arrow.ArrowLineColor = Chart.Red;
            arrow.ArrowWidth = 4;
            arrow.ArrowheadWidth = 14;
            plot.Note($"week {week}", week, 472, Chart.Red, Alignment.LowerCenter);
        }
        plot.Axes.Bottom.Ticks(0, 8, 16, 24, 32, 40, 48);
        plot.Axes.SetLimits(-1, 49, 100, 510);
        return plot.Png();
    }

    public static byte[] VitalCapacity()
    {
        var plot = Chart.New("", "Hours after admission", "Forced vital capacity (L)");
        plot.Curve([0, 3, 6, 9, 12], [2.3, 1.95, 1.6, 1.25, .95], Chart.Blue, marker: 11);
        var limit = plot.Add.HorizontalLine(1.1, 2, Chart.Red, LinePattern.Dashed);
        limit.EnableAutoscale = false;
        plot.Note("20 mL/kg", .1, 1.03, Chart.Red, Alignment.UpperLeft);
        plot.Axes.Bottom.Ticks(0, 3, 6, 9, 12);
        plot.Axes.SetLimits(-.5, 13, 0, 2.8);
        return plot.Png(820, 500);
    }
}
