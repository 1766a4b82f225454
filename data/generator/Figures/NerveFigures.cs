using LiveClin.DemoFigures.Drawing;
using ScottPlot;

namespace LiveClin.DemoFigures.Figures;

/// <summary>Repetitive nerve stimulation.</summary>
internal static class NerveFigures
{
    /// <summary>Ten responses side by side; the fourth is 29 % smaller than the first.</summary>
    public static byte[] RepetitiveStimulation()
    {
        double[] amplitudes = [8.0, 7.0, 6.2, 5.7, 5.6, 5.7, 5.9, 6.0, 6.0, 6.1];
        const double spacing = 22;
        var plot = Chart.New("Trapezius, accessory nerve at 3 Hz", "Response (each sweep 20 ms)", "Amplitude (mV)");
        for (var i = 0; i < amplitudes.Length; i++)
        {
            var sweep = Signal.Times(0, 20, .1);
            var size = amplitudes[i];
            plot.Curve([.. sweep.Select(t => t + i * spacing)],
                [.. sweep.Select(t => Signal.Bell(t, 7, 1.6, size) - Signal.Bell(t, 12.2, 2.1, size * .45))], Chart.Blue, width: 2);
            plot.Note($"{size:0.0}", i * spacing + 7, size + .25, Colors.Black, Alignment.LowerCenter);
        }
        plot.Add.HorizontalLine(0, 1, Chart.Grey);
        plot.Axes.Bottom.Ticks([.. Enumerable.Range(1, 10).Select(i => (double)i)], i => $"{i}", i => (i - 1) * spacing + 9);
        plot.Axes.SetLimits(-4, 222, -5, 10);
        return plot.Png(920, 500);
    }
}
