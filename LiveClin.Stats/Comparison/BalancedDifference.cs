using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Comparison;

/// <summary>
/// The paired difference of two models' balanced accuracies (<see cref="Ledger.BalancedAccuracy"/>) on shared cases: with every key
/// letter counted alike, so that a preference for the letter that is most often the key does not pass for knowledge. Its standard error
/// is clustered by case, by linearisation of the ratios (Cochran, "Sampling Techniques", 3rd ed., section 6.4), times G/(G−1) in the
/// variance for G cases.
/// </summary>
internal static class BalancedDifference
{
    public static PairedDifference Estimate(IReadOnlyList<CaseFacts> shared, ModelResults first, ModelResults second)
    {
        var letters = new Dictionary<string, KeyTally>(StringComparer.Ordinal);
        foreach (var (key, difference) in shared.SelectMany(clinicalCase => Questions(clinicalCase, first, second)))
        {
            if (!letters.TryGetValue(key, out var tally)) letters[key] = tally = new KeyTally();
            tally.Questions++;
            tally.Difference += difference;
        }

        var sandwich = 0.0;
        foreach (var clinicalCase in shared)
        {
            var deviation = 0.0;
            foreach (var (key, difference) in Questions(clinicalCase, first, second))
                deviation += (difference - letters[key].Mean) / (letters.Count * letters[key].Questions);
            sandwich += deviation * deviation;
        }

        var clusters = shared.Count;
        return new PairedDifference(
            letters.Count > 0 ? letters.Values.Average(tally => tally.Mean) : double.NaN,
            clusters > 1 ? Math.Sqrt(sandwich * clusters / (clusters - 1)) : double.NaN,
            clusters);
    }

    private static IEnumerable<(string Key, int Difference)> Questions(CaseFacts clinicalCase, ModelResults first, ModelResults second)
    {
        for (var i = 0; i < clinicalCase.Questions.Length; i++)
        {
            if (clinicalCase.Questions[i].Key.Length == 0) continue; // not known
            var place = clinicalCase.FirstQuestion + i;
            yield return (clinicalCase.Questions[i].Key,
                (first.Answers[place].IsCorrect ? 1 : 0) - (second.Answers[place].IsCorrect ? 1 : 0));
        }
    }

    private sealed class KeyTally
    {
        public int Questions { get; set; }

        public int Difference { get; set; }

        public double Mean => (double)Difference / Questions;
    }
}
