using MathNet.Numerics.Distributions;

namespace LiveClin.Stats.Uncertainty;

/// <summary>
/// The interval of a difference of two shares of the same cases that holds where few cases differ: the score interval of T. Tango,
/// "Equivalence test and confidence interval for the difference in proportions for the paired-sample design", Statistics in Medicine 17
/// (1998) 891–908.
/// </summary>
public static class PairedProportions
{
    // Halvings of an interval no longer than 2: further ones would be lost in rounding.
    private const int Halvings = 54;

    /// <summary>The interval of gained minus lost over all cases.</summary>
    /// <param name="gained">Cases that only the second has right.</param>
    /// <param name="lost">Cases that only the first has right.</param>
    /// <param name="cases">All cases.</param>
    /// <param name="level">Confidence level, 0 to 1.</param>
    /// <returns>The interval, −1 to 1; <see cref="Interval.None"/> with fewer than two cases.</returns>
    public static Interval Interval(int gained, int lost, int cases, double level = 0.95)
    {
        if (cases < 2) return Uncertainty.Interval.None;
        var normal = Normal.InvCDF(0, 1, (1 + level) / 2);
        var difference = (double)(gained - lost) / cases;
        return new Interval(Find(-1, difference, normal), Find(difference, 1, -normal));

        // The score falls from one difference to the next; where it passes a limit, the interval ends.
        double Find(double low, double high, double limit)
        {
            for (var i = 0; i < Halvings; i++)
            {
                var middle = (low + high) / 2;
                if (Score(gained, lost, cases, middle) > limit) low = middle;
                else high = middle;
            }

            return (low + high) / 2;
        }
    }

    // The distance of what was seen from a supposed difference in standard errors, which are those of the likeliest shares with that
    // difference.
    private static double Score(int gained, int lost, int cases, double difference)
    {
        double a = 2.0 * cases, b = ((a - gained + lost) * difference) - gained - lost, c = -lost * difference * (1 - difference);
        var likeliest = (Math.Sqrt(Math.Max(0, (b * b) - (4 * a * c))) - b) / (2 * a);
        var variance = cases * ((2 * likeliest) + (difference * (1 - difference)));
        var distance = gained - lost - (cases * difference);
        return variance <= 0 ? distance * double.PositiveInfinity : distance / Math.Sqrt(variance);
    }
}
