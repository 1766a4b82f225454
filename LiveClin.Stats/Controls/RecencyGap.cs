using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;
using MathNet.Numerics.Distributions;

namespace LiveClin.Stats.Controls;

/// <summary>
/// Question accuracy on cases published after a model's training data ended, against those before. A gap, and no proof of contamination:
/// time, items and prevalence drift along with it.
/// </summary>
/// <param name="Cutoff">Last day of the training data.</param>
/// <param name="Before">Accuracy on cases published up to that day, clustered by case.</param>
/// <param name="After">Accuracy on cases published later, likewise.</param>
/// <param name="Undated">Cases without a date; they take no part.</param>
public sealed record RecencyGap(DateOnly Cutoff, ClusteredMean Before, ClusteredMean After, int Undated)
{
    /// <summary>What must stand wherever the gap does.</summary>
    public const string Caveat =
        "A recency gap is no proof of contamination: time, items and prevalence change together with the date (a classifier on the text alone tells the periods apart).";

    /// <summary>Accuracy after minus accuracy before.</summary>
    public double Difference => After.Mean - Before.Mean;

    /// <summary>Welch's interval of the difference, 95 %; none where a side has fewer than two cases or no spread.</summary>
    public Interval Interval()
    {
        double first = Math.Pow(Before.StandardError, 2), second = Math.Pow(After.StandardError, 2);
        if (!(first + second > 0)) return Uncertainty.Interval.None;
        // Welch–Satterthwaite, with the cases as observations.
        var freedom = Math.Pow(first + second, 2) / ((first * first / (Before.Clusters - 1)) + (second * second / (After.Clusters - 1)));
        var half = StudentT.InvCDF(0, 1, freedom, 0.975) * Math.Sqrt(first + second);
        return new Interval(Math.Max(-1, Difference - half), Math.Min(1, Difference + half));
    }

    /// <summary>The gap of a model.</summary>
    /// <param name="set">The set.</param>
    /// <param name="model">The model's published results.</param>
    /// <param name="dates">When cases were published, by identifier.</param>
    /// <param name="cutoff">Last day of its training data.</param>
    public static RecencyGap Of(ResultSet set, ModelResults model, IReadOnlyDictionary<string, DateOnly> dates, DateOnly cutoff)
    {
        var covered = set.Cases.Where(clinicalCase => model.Covers[clinicalCase.Index]).ToList();
        return new RecencyGap(
            cutoff, Mean(date => date <= cutoff), Mean(date => date > cutoff),
            covered.Count(clinicalCase => !dates.ContainsKey(clinicalCase.Id)));

        ClusteredMean Mean(Func<DateOnly, bool> isMeant) => ClusteredMean.Estimate(
        [
            .. covered.Where(clinicalCase => dates.TryGetValue(clinicalCase.Id, out var date) && isMeant(date))
                .Select(clinicalCase => new Ratio(model.CorrectIn(clinicalCase), clinicalCase.Questions.Length)),
        ]);
    }
}
