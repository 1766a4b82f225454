using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Epochs;

/// <summary>
/// An accuracy over epochs, and what its error is made of (E. Miller, "Adding error bars to evals", arXiv:2411.00640, section 3.1, with
/// cases as clusters): repeating lowers the part that comes from answering anew, never the part that comes from which cases there are.
/// </summary>
public sealed record EpochMean
{
    // The error is as low as is worth paying for when no number of epochs could lower it by more than a twentieth.
    private const double WorthwhileRatio = 1.05;

    /// <summary>Mean over cases (weighted by their questions, where questions are counted) of the means over epochs, 0 to 1.</summary>
    public required double Mean { get; init; }

    /// <summary>Its standard error, clustered by case; of one epoch that of <see cref="ClusteredMean"/>.</summary>
    public required double StandardError { get; init; }

    /// <summary>Cases.</summary>
    public required int Cases { get; init; }

    /// <summary>The part of the squared standard error that comes from which cases there are.</summary>
    public required double BetweenCases { get; init; }

    /// <summary>The part of it that comes from answering the same anew.</summary>
    public required double WithinQuestions { get; init; }

    /// <summary>The interval, by the rules of <see cref="ClusteredMean.Interval(double)"/>.</summary>
    public Interval Interval => ClusteredMean.Interval(Mean, StandardError, Cases, 0.95);

    /// <summary>
    /// The number of epochs from which on no further ones would lower the standard error by more than 5 %, given so many now; null when
    /// nothing but answering anew makes the error, so that every epoch helps.
    /// </summary>
    internal int? WorthwhileEpochs(int epochs)
    {
        if (WithinQuestions <= 0) return 1;
        if (BetweenCases <= 0) return null;
        var wanted = WithinQuestions * epochs / (((WorthwhileRatio * WorthwhileRatio) - 1) * BetweenCases);
        return (int)Math.Min(int.MaxValue, Math.Max(1, Math.Ceiling(wanted - 1e-9)));
    }

    /// <summary>Estimates from cases.</summary>
    /// <param name="cases">The cases.</param>
    /// <param name="value">A case's mean over epochs.</param>
    /// <param name="variance">Its sample variance over epochs.</param>
    /// <param name="weight">What it counts.</param>
    internal static EpochMean Estimate(
        List<EpochCounts> cases, Func<EpochCounts, double> value, Func<EpochCounts, double> variance, Func<EpochCounts, int> weight)
    {
        double total = cases.Sum(weight), mean = cases.Sum(value) / total, sandwich = 0;
        foreach (var @case in cases)
        {
            var deviation = value(@case) - (weight(@case) * mean);
            sandwich += deviation * deviation;
        }

        var error = cases.Count > 1 ? Math.Sqrt(sandwich * cases.Count / (cases.Count - 1)) / total : double.NaN;
        var repeated = cases.Where(@case => @case.Epochs > 1).ToList();
        var within = repeated.Count == 0 ? 0 : repeated.Average(variance) * cases.Sum(@case => 1.0 / @case.Epochs) / (total * total);
        within = Math.Min(within, error * error);
        return new EpochMean
        {
            Mean = mean, StandardError = error, Cases = cases.Count, WithinQuestions = within,
            BetweenCases = Math.Max(0, (error * error) - within),
        };
    }
}
