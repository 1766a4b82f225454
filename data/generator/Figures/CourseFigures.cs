using LiveClin.DemoFigures.Drawing;
using ScottPlot;

namespace LiveClin.DemoFigures.Figures;

/// <summary>Courses of fever, infection and monitoring.</summary>
internal static class CourseFigures
{
    /// <summary>Defervescence, falling platelets and rising haematocrit on days 5 and 6.</summary>
    public static byte[] Dengue()
    {
        double[] days = [3, 3.5, 4, 4.5, 5, 5.5, 6];
        var top = Chart.New("", "", "Temperature (°C)");
        top.Curve(days, [39.6, 39.3, 39.4, 38.9, 38.2, 37.4, 36.9], Chart.Red, marker: 9);
        top.Axes.Bottom.Ticks(3, 4, 5, 6);
        top.Axes.SetLimits(2.8, 6.2, 36, 40.5);

        var bottom = Chart.New("", "Day of illness", "Platelets (10^9/L)");
        bottom.Curve(days, [138, 121, 96, 74, 52, 38, 29], Chart.Blue, "Platelets", 9);
        var haematocrit = bottom.Curve(days, [37, 37, 38, 39, 42, 45, 47], Chart.Orange, "Haematocrit", 9);
        haematocrit.MarkerShape = MarkerShape.FilledSquare;
        haematocrit.Axes.YAxis = bottom.Right("Haematocrit (%)", Chart.Orange, 30, 50);
        bottom.Axes.Bottom.Ticks(3, 4, 5, 6);
        bottom.Axes.SetLimits(2.8, 6.2, 0, 170);
        bottom.ShowLegend(Alignment.UpperCenter);
        top.Axes.Right.MinimumSize = top.Axes.Right.MaximumSize = 76;
        return Chart.Stack(860, 760, (top, .42), (bottom, .58));
    }

    /// <summary>One peak every evening, normal every morning.</summary>
    public static byte[] QuotidianFever()
    {
        double[] evening = [39.6, 39.9, 39.4, 40.1, 39.7, 39.5, 40.0, 39.8];
        List<double> days = [], values = [];
        for (var day = 0; day < evening.Length; day++)
            foreach (var (hour, value) in new[] { (0, 37.4 + .1 * Signal.Wander(day)), (6, 36.6 + .2 * Signal.Wander(day, 2)),
                (12, 36.8 + .2 * Signal.Wander(day, 4)), (18, evening[day]) })
            {
                days.Add(day + 1 + hour / 24.0);
                values.Add(value);
            }
        var plot = Chart.New("", "Day (marks at midnight)", "Temperature (°C)");
        plot.Curve([.. days], [.. values], Chart.Red, marker: 7, width: 2);
        plot.Add.HorizontalLine(37.5, 1.5f, Chart.Grey, LinePattern.Dashed);
        plot.Axes.Bottom.Ticks(1, 2, 3, 4, 5, 6, 7, 8, 9);
        plot.Axes.Left.Ticks(35, 36, 37, 38, 39, 40, 41);
        plot.Axes.SetLimits(.8, 9.1, 35.5, 41);
        return plot.Png();
    }

    /// <summary>Troponin, C-reactive protein and heart rate rise together in the third week.</summary>
    public static byte[] ClozapineMonitoring()
    {
        double[] days = [0, 3, 7, 10, 12, 14, 15, 16, 17];
        var rate = Chart.New("", "", "Heart rate (/min)");
        rate.Curve(days, [76, 84, 92, 94, 93, 98, 108, 118, 128], Chart.Blue, marker: 8);
        var protein = Chart.New("", "", "CRP (mg/L)");
        protein.Curve(days, [2, 2, 4, 5, 6, 18, 58, 104, 142], Chart.Orange, marker: 8);
        var troponin = Chart.New("", "Days after the first dose", "Troponin T (ng/L)");
        troponin.Curve(days, [5, 5, 6, 6, 6, 14, 65, 210, 480], Chart.Red, marker: 8);
        troponin.Add.HorizontalLine(14, 1.5f, Chart.Grey, LinePattern.Dashed);
        troponin.Note("upper limit 14", .1, 28, Chart.Grey, Alignment.LowerLeft);
        foreach (var (plot, limits) in new[] { (rate, (60.0, 140.0)), (protein, (0, 160)), (troponin, (0, 540)) })
        {
            plot.Axes.Bottom.Ticks(0, 3, 7, 10, 12, 14, 17);
            plot.Axes.SetLimits(-.5, 17.5, limits.Item1, limits.Item2);
        }
        return Chart.Stack(820, 900, (rate, .31), (protein, .31), (troponin, .38));
    }

    /// <summary>Bilirubin crosses the phototherapy line before 24 hours.</summary>
    public static byte[] Bilirubin()
    {
        double[] hours = [0, 6, 12, 18, 24, 30, 36, 42, 48, 60, 72];
        var plot = Chart.New("", "Age (hours)", "Total bilirubin (µmol/L)");
        plot.Curve(hours, [100, 118, 136, 154, 172, 188, 203, 217, 230, 252, 270], Chart.Orange, "Threshold for phototherapy", width: 2.2f)
            .Dashed();
        plot.Curve(hours, [200, 226, 252, 275, 296, 318, 338, 354, 368, 388, 400], Chart.Red, "Threshold for exchange transfusion",
            width: 2.2f);
        plot.Curve([14, 18, 24], [138, 181, 244], Chart.Blue, "Patient", 11);
        plot.Axes.Bottom.Ticks(0, 12, 24, 36, 48, 60, 72);
        plot.Axes.SetLimits(0, 72, 50, 480);
        plot.ShowLegend(Alignment.UpperLeft);
        return plot.Png();
    }
}
