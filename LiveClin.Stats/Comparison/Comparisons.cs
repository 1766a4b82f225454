using System.Collections.Immutable;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Comparison;

/// <summary>
/// Compares models pair by pair. The one place where tests are made and corrected: pages, reports, commands and calls all come here.
/// </summary>
public static class Comparisons
{
    /// <summary>Two models on their shared cases: a family of one pair.</summary>
    public static ModelComparison Two(ResultSet set, ModelResults one, ModelResults other) => Of(set, [one, other])[0];

    /// <summary>Every pair of the models, corrected over the pairs that can be tested.</summary>
    public static ImmutableArray<ModelComparison> Of(ResultSet set, ImmutableArray<ModelResults> models)
    {
        var pairs = Compare(set, models);
        var tested = Enumerable.Range(0, pairs.Length).Where(i => pairs[i].IsTested).ToList();
        var family = new TestFamily(tested.Count);
        var corrected = Holm.Adjust([.. tested.SelectMany(i => new[] { pairs[i].CaseP, pairs[i].QuestionP })]);
        foreach (var (place, i) in tested.Index())
            pairs[i] = pairs[i] with { AdjustedCaseP = corrected[2 * place], AdjustedQuestionP = corrected[(2 * place) + 1] };
        return [.. pairs.Select(pair => pair with { Family = family })];
    }

    private static ModelComparison[] Compare(ResultSet set, ImmutableArray<ModelResults> models) =>
        set.Whole?.Computed<ComparisonTable>() is { } whole ? Chosen(whole, models) : Computed(set, models);

    // Two models are compared on their own cases, whoever stands beside them: only the correction is another one.
    private static ModelComparison[] Chosen(ComparisonTable whole, ImmutableArray<ModelResults> models)
    {
        var names = models.Select(model => model.Model).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. whole.Pairs.Where(pair => names.Contains(pair.First) && names.Contains(pair.Second))
                .Select(pair => pair with { AdjustedCaseP = 1, AdjustedQuestionP = 1 }),
        ];
    }

    private static ModelComparison[] Computed(ResultSet set, ImmutableArray<ModelResults> models)
    {
        var counts = models.Select(m => new CaseCounts(set, m)).ToList();
        // When all cover the same cases, one set of exchanges serves all pairs.
        var same = models.All(m => m.Covers.AsSpan().SequenceEqual(models[0].Covers.AsSpan()));
        var covered = models.Length > 0 ? set.Cases.Where(c => models[0].Covers[c.Index] && c.Questions.Length > 0).ToList() : [];
        var values = same && covered.Count > 0
            ? SignFlipTest.AllPairs([.. counts.Select(m => covered.Select(c => m.Correct[c.Index]).ToArray())]) : null;

        var indices = Enumerable.Range(0, models.Length)
            .SelectMany(i => Enumerable.Range(i + 1, models.Length - i - 1).Select(j => (First: i, Second: j))).ToArray();
        var pairs = new ModelComparison[indices.Length];
        Parallel.For(0, pairs.Length, Cores.ForWork, i =>
        {
            var (first, second) = indices[i];
            pairs[i] = PairBuilder.Compare(set, counts[first], counts[second], values?[first, second]);
        });
        return pairs;
    }
}
