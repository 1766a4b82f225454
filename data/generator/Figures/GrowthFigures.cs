using LiveClin.DemoFigures.Drawing;
using ScottPlot;

namespace LiveClin.DemoFigures.Figures;

/// <summary>Height and weight against schematic centiles.</summary>
internal static class GrowthFigures
{
    private static readonly double[] Ages = [5, 6, 7, 8, 9, 10, 11, 12];
    private static readonly double[] Measured = [5, 6, 7, 8, 9, 10, 11, 11.75];

    public static byte[] HeightAndWeight()
    {
        var height = Panel("Height (cm)", 95, 170,
            [100, 105.5, 111, 116.5, 121.5, 126.5, 132, 138], [109, 115, 121, 127, 133, 138.5, 144.5, 151],
            [118, 124.5, 131, 137.5, 144.5, 150.5, 157, 164],
            [110, 116, 122, 127.5, 130, 131.5, 132.3, 132.8]);
        var weight = Panel("Weight (kg)", 10, 70,
            [14.5, 16, 17.6, 19.4, 21.5, 24, 27, 30.5], [18, 20.2, 22.6, 25.5, 28.8, 32.5, 36.9, 41.5],
            [23.5, 27, 31.5, 37, 43.5, 50, 57, 63],
            [18.5, 20.8, 23.4, 26.8, 31.4, 36.4, 41.5, 45]);
        weight.XLabel("Age (years)");
        return Chart.Stack(820, 860, (height, .48), (weight, .52));
    }

    private static Plot Panel(string label, double bottom, double top, double[] low, double[] median, double[] high, double[] values)
    {
        var plot = Chart.New("", "", label);
        foreach (var (curve, name) in new[] { (low, "3rd"), (median, "50th"), (high, "97th") })
        {
            var line = plot.Curve(Ages, curve, Chart.Grey, width: 1.6f);
            if (name != "50th") line.Dashed();
            plot.Note(name, 12.08, curve[^1], Chart.Grey);
        }
        plot.Curve(Measured, values, Chart.Blue, "Patient", 9);
        plot.Axes.Bottom.Ticks(Ages);
        plot.ShowLegend(Alignment.UpperLeft);
        plot.Axes.SetLimits(4.8, 12.6, bottom, top);
        return plot;
    }
}
