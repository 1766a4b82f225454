namespace LiveClin.DemoFigures.Drawing;

/// <summary>Building blocks of physiological curves; times in seconds.</summary>
internal static class Signal
{
    /// <summary>A bell of the given height around a centre.</summary>
    public static double Bell(double t, double centre, double width, double height) =>
        height * Math.Exp(-Math.Pow((t - centre) / width, 2) / 2);

    /// <summary>Small, smooth and always equal irregularity between −1 and 1.</summary>
    public static double Wander(double t, double seed = 0) =>
        (Math.Sin(t * 1.7 + seed) + .7 * Math.Sin(t * 4.3 + 2 * seed) + .5 * Math.Sin(t * 11.9 + 3 * seed)
            + .3 * Math.Sin(t * 29.1 + seed)) / 2.5;

    public static double[] Times(double from, double to, double step) =>
        [.. Enumerable.Range(0, (int)Math.Round((to - from) / step) + 1).Select(i => from + i * step)];
}
