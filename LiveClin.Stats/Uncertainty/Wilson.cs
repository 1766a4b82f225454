using MathNet.Numerics.Distributions;

namespace LiveClin.Stats.Uncertainty;

/// <summary>
/// The score interval of a proportion: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22
/// (1927) 209–212; recommended for small and extreme proportions by Brown, Cai and DasGupta, Statistical Science 16 (2001) 101–133.
/// </summary>
public static class Wilson
{
    /// <summary>The interval of a share of independent trials.</summary>
    /// <param name="ratio">The share.</param>
    /// <param name="level">Confidence level, 0 to 1.</param>
    /// <returns>The interval; <see cref="Interval.None"/> without trials.</returns>
    public static Interval Interval(Ratio ratio, double level = 0.95)
    {
        if (ratio.Total == 0) return Uncertainty.Interval.None;
        var z = Normal.InvCDF(0, 1, (1 + level) / 2);
        double n = ratio.Total, p = ratio.Value;
        var centre = (p + (z * z / (2 * n))) / (1 + (z * z / n));
        var half = z / (1 + (z * z / n)) * Math.Sqrt((p * (1 - p) / n) + (z * z / (4 * n * n)));
        // At the ends the formula gives 0 and 1 but for rounding.
        return new Interval(ratio.Count == 0 ? 0 : Math.Max(0, centre - half), ratio.Count == ratio.Total ? 1 : Math.Min(1, centre + half));
    }
}
