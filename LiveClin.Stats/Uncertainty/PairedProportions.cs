using MathNet.Numerics.Distributions;

namespace LiveClin.Stats.Uncertainty;

/// <summary>
/// The interval of a difference of two shares of the same cases that holds where few cases differ: the adjusted Wald interval of D. G. Bonett,
/// R. M. Price, "Adjusted Wald confidence interval for a difference of binomial proportions based on paired data", Journal of Educational and
/// Behavioral Statistics 37 (2012) 479–488.
/// </summary>
public static class PairedProportions
{
    /// <summary>The interval of gained minus lost over all cases.</summary>
    /// <param name="gained">Cases that only the second has right.</param>
    /// <param name="lost">Cases that only the first has right.</param>
    /// <param name="cases">All cases.</param>
    /// <param name="level">Confidence level, 0 to 1.</param>
    /// <returns>The interval, −1 to 1; <see cref="Interval.None"/> with fewer than two cases.</returns>
    public static Interval Interval(int gained, int lost, int cases, double level = 0.95)
    {
        if (cases < 2) return Uncertainty.Interval.None;
        double more = (gained + 1.0) / (cases + 2), less = (lost + 1.0) / (cases + 2), difference = more - less;
        var half = Normal.InvCDF(0, 1, (1 + level) / 2) * Math.Sqrt((more + less - (difference * difference)) / (cases + 2));
        return new Interval(Math.Max(-1, difference - half), Math.Min(1, difference + half));
    }
}
