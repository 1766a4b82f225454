using System.Collections.Immutable;

namespace LiveClin.Core.Reviews;

/// <summary>How far reviewers agree beyond chance, over units that several of them judged.</summary>
/// <param name="Units">Units judged by at least two.</param>
/// <param name="Alpha">
/// Krippendorff's alpha for categories (K. Krippendorff, "Computing Krippendorff's alpha-reliability", 2011): any number of reviewers,
/// judgments may be missing; 1: they always agree, 0: as often as by chance. NaN where fewer than two judged the same, or everybody
/// always said one thing.
/// </param>
/// <param name="Pairs">Cohen's kappa of every two reviewers who judged the same units.</param>
public sealed record Agreement(int Units, double Alpha, ImmutableArray<PairAgreement> Pairs)
{
    /// <summary>The agreement on a review's topic.</summary>
    public static Agreement Of(ReviewTopic topic, IEnumerable<Verdict> verdicts) => Of(
    [
        .. verdicts.Where(verdict => verdict.Topic == topic).GroupBy(verdict => (verdict.CaseOrdinal, verdict.QuestionIndex))
            .Select(question => question.ToDictionary(verdict => verdict.By, verdict => verdict.Holds ? 1 : 0, StringComparer.Ordinal)),
    ]);

    /// <summary>The agreement over units.</summary>
    /// <param name="units">Of each unit: by reviewer, the category that was chosen.</param>
    public static Agreement Of(IReadOnlyList<IReadOnlyDictionary<string, int>> units)
    {
        ArgumentNullException.ThrowIfNull(units);
        var paired = units.Where(unit => unit.Count > 1).ToList();
        var reviewers = paired.SelectMany(unit => unit.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var pairs = from first in reviewers
                    from second in reviewers
                    where string.CompareOrdinal(first, second) < 0
                    let both = paired.Where(unit => unit.ContainsKey(first) && unit.ContainsKey(second))
                        .Select(unit => (unit[first], unit[second])).ToList()
                    where both.Count > 0
                    select new PairAgreement(first, second, both.Count, both.Count(judged => judged.Item1 == judged.Item2), Kappa(both));
        return new Agreement(paired.Count, AlphaOf(paired), [.. pairs]);
    }

    // J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960) 37–46.
    private static double Kappa(List<(int First, int Second)> judged)
    {
        double count = judged.Count, agreed = judged.Count(pair => pair.First == pair.Second) / count;
        var chance = judged.Select(pair => pair.First).Distinct()
            .Sum(category => judged.Count(pair => pair.First == category) / count * (
                judged.Count(pair => pair.Second == category) / count));
        return chance < 1 ? (agreed - chance) / (1 - chance) : double.NaN;
    }

    private static double AlphaOf(List<IReadOnlyDictionary<string, int>> units)
    {
        var values = units.SelectMany(unit => unit.Values).ToList();
        double count = values.Count;
        // Of ordered pairs: those within units that differ, each unit by one less than its judgments, and those of all values that would
        // by chance.
        var observed = units.Sum(unit => Differing([.. unit.Values]) / (unit.Count - 1.0));
        var expected = Differing(values) / (count - 1);
        return expected > 0 ? 1 - (observed / expected) : double.NaN;
    }

    private static double Differing(List<int> values) =>
        ((double)values.Count * values.Count) - values.GroupBy(value => value).Sum(same => (double)same.Count() * same.Count());
}

/// <summary>Two reviewers on the units that both judged.</summary>
/// <param name="First">The one.</param>
/// <param name="Second">The other.</param>
/// <param name="Units">Units that both judged.</param>
/// <param name="Agreed">Those of them on which they say the same.</param>
/// <param name="Kappa">Cohen's kappa; NaN where both always said the same one thing.</param>
public sealed record PairAgreement(string First, string Second, int Units, int Agreed, double Kappa);
