using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Ledger;

/// <summary>
/// Question accuracy with every key letter counted alike: the mean over the letters of the share correct among the questions whose key it
/// is (Brodersen et al., "The balanced accuracy and its posterior distribution", ICPR 2010). Always saying the same letter earns
/// 1/<see cref="Letters"/>, however often that letter is the key.
/// </summary>
public sealed record BalancedAccuracy
{
    /// <summary>That of nothing.</summary>
    public static BalancedAccuracy None { get; } = new() { Value = double.NaN, Letters = 0, Cases = 0, StandardError = double.NaN };

    /// <summary>The mean over key letters; NaN without questions.</summary>
    public required double Value { get; init; }

    /// <summary>Letters that are the key of some question.</summary>
    public required int Letters { get; init; }

    /// <summary>Cases (clusters).</summary>
    public required int Cases { get; init; }

    /// <summary>
    /// Standard error clustered by case, by linearisation of the ratios (Cochran, "Sampling Techniques", 3rd ed., section 6.4), times
    /// G/(G−1) in the variance for G cases.
    /// </summary>
    public required double StandardError { get; init; }

    /// <summary>The interval, by the rules of <see cref="ClusteredMean.Interval"/>.</summary>
    public Interval Interval(double level = 0.95) => ClusteredMean.Interval(Value, StandardError, Cases, level);

    /// <summary>A model's, over the questions of the cases that it covers; a failure counts as wrong.</summary>
    public static BalancedAccuracy Of(ResultSet set, ModelResults model)
    {
        var covered = set.Cases.Where(c => model.Covers[c.Index] && Judged(model, c).Any()).ToList();
        var byKey = new Dictionary<string, Ratio>();
        foreach (var (key, correct) in covered.SelectMany(c => Judged(model, c)))
        {
            var so = byKey.GetValueOrDefault(key);
            byKey[key] = new Ratio(so.Count + (correct ? 1 : 0), so.Total + 1);
        }

        var letters = byKey.Count;
        double variance = 0;
        foreach (var @case in covered)
        {
            var deviation = Judged(model, @case).Sum(q => ((q.Correct ? 1 : 0) - byKey[q.Key].Value) / (letters * byKey[q.Key].Total));
            variance += deviation * deviation;
        }

        return new BalancedAccuracy
        {
            Value = letters > 0 ? byKey.Values.Average(r => r.Value) : double.NaN,
            Letters = letters,
            Cases = covered.Count,
            StandardError = covered.Count > 1 ? Math.Sqrt(variance * covered.Count / (covered.Count - 1)) : double.NaN,
        };
    }

    // A key that is not known belongs to no letter.
    private static IEnumerable<(string Key, bool Correct)> Judged(ModelResults model, CaseFacts @case) =>
        @case.Questions.Where(question => question.Key.Length > 0)
            .Select(question => (question.Key, model.Answers[@case.FirstQuestion + question.Index].IsCorrect));
}
