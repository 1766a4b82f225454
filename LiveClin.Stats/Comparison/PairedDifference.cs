using LiveClin.Stats.Uncertainty;
using MathNet.Numerics.Distributions;

namespace LiveClin.Stats.Comparison;

/// <summary>The difference of two models' shares on the same cases, first minus second.</summary>
/// <param name="Difference">The difference, −1 to 1.</param>
/// <param name="StandardError">Its standard error, clustered by case.</param>
/// <param name="Clusters">Number of cases.</param>
public sealed record PairedDifference(double Difference, double StandardError, int Clusters)
{
    /// <summary>
    /// The interval from Student's t with one degree of freedom less than there are cases; none when the cases show no spread to judge
    /// from.
    /// </summary>
    public Interval Interval(double level = 0.95)
    {
        if (Clusters < 2 || StandardError == 0) return Uncertainty.Interval.None;
        var half = StudentT.InvCDF(0, 1, Clusters - 1, (1 + level) / 2) * StandardError;
        return new Interval(Math.Max(-1, Difference - half), Math.Min(1, Difference + half));
    }

    /// <summary>
    /// Two-sided p of the difference: Student's t with one degree of freedom less than there are cases; NaN without spread.
    /// </summary>
    public double StudentP() => Clusters < 2 || !(StandardError > 0)
        ? double.NaN
        : 2 * StudentT.CDF(0, 1, Clusters - 1, -Math.Abs(Difference / StandardError));

    /// <summary>
    /// The difference that a test at level <paramref name="alpha"/> would find with probability <paramref name="power"/>, given this
    /// standard error (E. Miller, arXiv:2411.00640, section 5; the usual (z₁₋α⁄₂ + z_power)·SE).
    /// </summary>
    /// <returns>0 to 1; infinite when even a difference of 1 could not be seen; NaN when the cases show no spread to judge from.</returns>
    public double MinimumDetectable(double alpha = 0.05, double power = 0.8)
    {
        if (!(StandardError > 0)) return double.NaN;
        var detectable = (Normal.InvCDF(0, 1, 1 - (alpha / 2)) + Normal.InvCDF(0, 1, power)) * StandardError;
        return detectable <= 1 ? detectable : double.PositiveInfinity;
    }

    /// <summary>
    /// Estimates from per-case counts: the sandwich over cases of paired differences (Miller, section 4.2), times G/(G−1).
    /// </summary>
    /// <param name="first">Correct of the first model by case.</param>
    /// <param name="second">Correct of the second model by case.</param>
    /// <param name="totals">Questions by case (1 for whole cases).</param>
    public static PairedDifference Estimate(IReadOnlyList<double> first, IReadOnlyList<double> second, IReadOnlyList<int> totals)
    {
        var clusters = totals.Count;
        double total = totals.Sum(), sum = 0;
        for (var i = 0; i < clusters; i++) sum += first[i] - second[i];
        var difference = total > 0 ? sum / total : double.NaN;
        var sandwich = 0.0;
        for (var i = 0; i < clusters; i++)
        {
            var deviation = first[i] - second[i] - (totals[i] * difference);
            sandwich += deviation * deviation;
        }

        return new PairedDifference(difference, clusters > 1 ? Math.Sqrt(sandwich * clusters / (clusters - 1)) / total : double.NaN,
            clusters);
    }
}
