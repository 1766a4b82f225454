using MathNet.Numerics.Distributions;

namespace LiveClin.Stats.Uncertainty;

/// <summary>A share of questions whose standard error heeds that questions of one case stand or fall together.</summary>
public sealed record ClusteredMean
{
    /// <summary>The share over all questions.</summary>
    public required double Mean { get; init; }

    /// <summary>Number of cases (clusters).</summary>
    public required int Clusters { get; init; }

    /// <summary>Number of questions.</summary>
    public required int Questions { get; init; }

    /// <summary>Standard error clustered by case.</summary>
    public required double StandardError { get; init; }

    /// <summary>
    /// Intra-case correlation: 0 when questions of a case are independent, 1 when they always agree; NaN when it cannot be told.
    /// </summary>
    public required double IntraCaseCorrelation { get; init; }

    /// <summary>
    /// Variance of the mean relative to independent questions: the number of questions is worth this many times less; NaN when it cannot
    /// be told.
    /// </summary>
    public required double DesignEffect { get; init; }

    /// <summary>
    /// The interval from Student's t with one degree of freedom less than there are cases, cut at 0 and 1. When the cases do not differ
    /// at all (every question right, say), the standard error is 0 and tells nothing; then Wilson's interval with the cases as trials,
    /// which is none too short.
    /// </summary>
    public Interval Interval(double level = 0.95) => Interval(Mean, StandardError, Clusters, level);

    /// <summary>The same interval around any mean of questions whose standard error is clustered by case.</summary>
    internal static Interval Interval(double mean, double standardError, int clusters, double level)
    {
        if (clusters < 2) return Uncertainty.Interval.None;
        if (standardError == 0) return Wilson.Interval(new Ratio((int)Math.Round(mean * clusters), clusters), level);
        var half = StudentT.InvCDF(0, 1, clusters - 1, (1 + level) / 2) * standardError;
        return new Interval(Math.Max(0, mean - half), Math.Min(1, mean + half));
    }

    /// <summary>
    /// Estimates from the correct and all questions of each case. Standard error: the sandwich of E. Miller, "Adding error bars to evals",
    /// arXiv:2411.00640, section 2.2, times G/(G−1) for G cases. Correlation: the ANOVA estimator of Donner, International Statistical
    /// Review 54 (1986) 67–82.
    /// </summary>
    public static ClusteredMean Estimate(IReadOnlyList<Ratio> cases)
    {
        int clusters = 0, total = 0, correct = 0;
        double squaredSizes = 0;
        foreach (var @case in cases)
        {
            if (@case.Total == 0) continue;
            clusters++;
            total += @case.Total;
            correct += @case.Count;
            squaredSizes += (double)@case.Total * @case.Total;
        }

        var mean = total > 0 ? (double)correct / total : double.NaN;
        double sandwich = 0, between = 0, within = 0;
        foreach (var @case in cases)
        {
            if (@case.Total == 0) continue;
            var deviation = @case.Count - (@case.Total * mean);
            sandwich += deviation * deviation;
            between += deviation * deviation / @case.Total;
            within += @case.Count * (1 - @case.Value); // Σ (x − case mean)² of 0/1 values
        }

        var error = clusters > 1 ? Math.Sqrt(sandwich * clusters / (clusters - 1)) / total : double.NaN;
        var independent = mean * (1 - mean) / total;
        return new ClusteredMean
        {
            Mean = mean, Clusters = clusters, Questions = total, StandardError = error,
            IntraCaseCorrelation = Correlation(clusters, total, squaredSizes, between, within),
            DesignEffect = independent > 0 ? error * error / independent : double.NaN,
        };
    }

    private static double Correlation(int clusters, int total, double squaredSizes, double between, double within)
    {
        if (clusters < 2 || total <= clusters) return double.NaN;
        var betweenMean = between / (clusters - 1);
        var withinMean = within / (total - clusters);
        var size = (total - (squaredSizes / total)) / (clusters - 1);
        var denominator = betweenMean + ((size - 1) * withinMean);
        return denominator > 0 ? (betweenMean - withinMean) / denominator : double.NaN;
    }
}
