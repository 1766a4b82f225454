using LiveClin.DemoFigures.Drawing;
using SkiaSharp;

namespace LiveClin.DemoFigures.Figures;

/// <summary>Rhythm strips on millimetre paper: 5 pixels per millimetre, 25 mm/s, 10 mm/mV.</summary>
internal static class EcgFigures
{
    private const float Millimetre = 5;
    private const int WidthMillimetres = 200;
    private const int HeightMillimetres = 60;
    private const int Margin = 14;
    private const int Header = 40;

    /// <summary>Sawtooth waves at 300/min (every 200 ms), every second one conducted.</summary>
    public static byte[] Flutter() => Strip("Lead II", t => FlutterWaves(t, .2) + Beats(t, .4, .05, NarrowBeat));

    /// <summary>Flutter slowed to 240/min, every wave conducted with a broad QRS complex.</summary>
    public static byte[] FlutterConductedOneToOne() => Strip("Lead II", t => Beats(t, .25, .05, BroadBeat));

    /// <summary>Sinoventricular rhythm of 44/min: no P waves, broad QRS complexes, tall pointed T waves.</summary>
    public static byte[] Hyperkalaemia() => Strip("Lead V4", t => Beats(t, 60.0 / 44, .55, HyperkalaemicBeat));

    // Lead II in typical flutter: slow descent, rapid return, no flat line between the waves.
    private static double FlutterWaves(double t, double cycle)
    {
        var phase = t / cycle - Math.Floor(t / cycle);
        var saw = phase < .68 ? .14 - .34 * phase / .68 : -.20 + .34 * (phase - .68) / .32;
        return saw + .015 * Math.Sin(2 * Math.PI * phase);
    }

    private static double Beats(double t, double interval, double first, Func<double, double> beat)
    {
        double sum = 0;
        var nearest = (int)Math.Floor((t - first) / interval);
        for (var i = nearest - 1; i <= nearest + 1; i++) sum += beat(t - first - i * interval);
        return sum;
    }

    private static double NarrowBeat(double t) =>
        Signal.Bell(t, -.022, .008, -.10) + Signal.Bell(t, 0, .011, 1.05) + Signal.Bell(t, .026, .010, -.22);

    private static double BroadBeat(double t) =>
        Signal.Bell(t, -.030, .026, .85) + Signal.Bell(t, .022, .022, .55) + Signal.Bell(t, .098, .036, -.95);

    private static double HyperkalaemicBeat(double t) =>
        Signal.Bell(t, -.06, .030, .55) + Signal.Bell(t, .03, .042, -.75) + Signal.Bell(t, .27, .062, 1.65) + Signal.Bell(t, .15, .05, .10);

    private static byte[] Strip(string lead, Func<double, double> millivolts)
    {
        var width = Margin * 2 + (int)(WidthMillimetres * Millimetre);
        using var sheet = new Sheet(width, Header + Margin + (int)(HeightMillimetres * Millimetre));
        Paper(sheet);
        sheet.Text(lead, Margin, 28, 20, bold: true);
        sheet.Text("25 mm/s     10 mm/mV", width - Margin, 28, 17, align: SKTextAlign.Right);

        const float baseline = Header + 36 * Millimetre;
        var pulse = Margin + 2 * Millimetre;
        sheet.Polyline(new SKPoint[] { new(Margin, baseline), new(pulse, baseline), new(pulse, baseline - 10 * Millimetre),
            new(pulse + 5 * Millimetre, baseline - 10 * Millimetre), new(pulse + 5 * Millimetre, baseline),
            new(pulse + 7 * Millimetre, baseline) }, SKColors.Black, 1.8f);

        const int start = 10;
        var seconds = (WidthMillimetres - start) / 25.0;
        sheet.Polyline(
            Signal.Times(0, seconds, .002).Select(t => new SKPoint(
                Margin + (float)(start + t * 25) * Millimetre,
                baseline - (float)(millivolts(t) + .012 * Signal.Wander(3 * t)) * 10 * Millimetre)),
            SKColors.Black, 2f);
        return sheet.Png();
    }

    private static void Paper(Sheet sheet)
    {
        sheet.Box(Margin, Header, WidthMillimetres * Millimetre, HeightMillimetres * Millimetre, new SKColor(255, 250, 248));
        for (var x = 0; x <= WidthMillimetres; x++)
            sheet.Line(Margin + x * Millimetre, Header, Margin + x * Millimetre, Header + HeightMillimetres * Millimetre, Ink(x), x % 5 == 0
                ? 1.2f : .7f);
        for (var y = 0; y <= HeightMillimetres; y++)
            sheet.Line(Margin, Header + y * Millimetre, Margin + WidthMillimetres * Millimetre, Header + y * Millimetre, Ink(y), y % 5 == 0
                ? 1.2f : .7f);
    }

    private static SKColor Ink(int millimetre) => millimetre % 5 == 0 ? new SKColor(232, 150, 140) : new SKColor(247, 214, 208);
}
