using LiveClin.DemoFigures.Drawing;
using ScottPlot;

namespace LiveClin.DemoFigures.Figures;

/// <summary>Pure-tone audiograms with the usual symbols: right red (o, bone [), left blue (x, bone ]).</summary>
internal static class HearingFigures
{
    private static readonly double[] Air = [250, 500, 1000, 2000, 4000, 8000];
    private static readonly double[] Bone = [500, 1000, 2000, 4000];

    public static byte[] SuddenLoss() =>
        Audiogram("Day 3", [65, 65, 70, 75, 75, 80], [60, 65, 70, 70], [10, 10, 5, 10, 15, 20], [5, 5, 10, 10]);

    public static byte[] AfterTreatment() =>
        Audiogram("Four months later", [70, 75, 80, 80, 85, 90], [70, 70, 75, 75], [10, 10, 10, 10, 15, 20], [5, 10, 10, 10]);

    public static byte[] HighToneLoss() =>
        Audiogram("Age 15 years", [15, 15, 25, 45, 55, 50], [15, 20, 40, 50], [10, 15, 30, 40, 55, 55], [10, 25, 40, 55]);

    private static byte[] Audiogram(string title, double[] rightAir, double[] rightBone, double[] leftAir, double[] leftBone)
    {
        var plot = Chart.New(title, "Frequency (Hz)", "Hearing level (dB HL)");
        plot.Axes.Bottom.Ticks([125, 250, 500, 1000, 2000, 4000, 8000], f => $"{f}", Octave);
        plot.Axes.Left.Ticks([.. Enumerable.Range(0, 14).Select(i => i * 10.0 - 10)]);

        var normal = plot.Add.Rectangle(-.3, 6.3, -10, 20);
        normal.FillColor = Chart.Green.WithAlpha(.08);
        normal.LineColor = Colors.Transparent;

        var left = plot.Curve([.. Air.Select(Octave)], leftAir, Chart.Blue, "Left, air (x)", 13, 2);
        left.MarkerShape = MarkerShape.Eks;
        left.MarkerLineWidth = 2.5f;
        var right = plot.Curve([.. Air.Select(Octave)], rightAir, Chart.Red, "Right, air (o)", 13, 2);
        right.MarkerShape = MarkerShape.OpenCircle;
        right.MarkerLineWidth = 2.5f;
        BoneSymbols(plot, "[", rightBone, Chart.Red, -.13);
        BoneSymbols(plot, "]", leftBone, Chart.Blue, .13);
        plot.Legend.ManualItems.Add(new LegendItem { LabelText = "[  ]  masked bone conduction", LabelFontColor = Colors.Black });
        plot.ShowLegend(Edge.Bottom);
        plot.Axes.SetLimits(-.3, 6.3, 122, -12);
        return plot.Png(860, 620);
    }

    private static void BoneSymbols(Plot plot, string symbol, double[] levels, Color color, double shift)
    {
        foreach (var (frequency, level) in Bone.Zip(levels))
        {
            var text = plot.Add.Text(symbol, Octave(frequency) + shift, level);
            text.LabelFontSize = 24;
            text.LabelBold = true;
            text.LabelFontColor = color;
            text.LabelAlignment = Alignment.MiddleCenter;
        }
    }

    private static double Octave(double frequency) => Math.Log2(frequency / 125);
}
