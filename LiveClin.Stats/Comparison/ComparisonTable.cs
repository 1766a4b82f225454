using System.Collections.Immutable;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Comparison;

/// <summary>All models of a set against each other: differences, corrected tests, rank intervals, and groups that cannot be told apart.</summary>
public sealed record ComparisonTable
{
    /// <summary>Level of the tests.</summary>
    public const double Alpha = 0.05;

    /// <summary>The models, best case accuracy first.</summary>
    public required ImmutableArray<ModelResults> Models { get; init; }

    /// <summary>Every pair, the better model first.</summary>
    public required ImmutableArray<ModelComparison> Pairs { get; init; }

    /// <summary>By model, in order: between which ranks by case accuracy it lies in 95 % of the resamples; null for floors and simulated examinees, which take no rank.</summary>
    public required ImmutableArray<RankInterval?> Ranks { get; init; }

    /// <summary>Models that the corrected question test cannot tell apart from one another; a model can be in several groups.</summary>
    public required ImmutableArray<ImmutableArray<string>> Groups { get; init; }

    /// <summary>Compares all models of a set.</summary>
    public static ComparisonTable Of(ResultSet set) => set.Once(static s => Of(s, ClusterBootstrap.Run(s, s.Models)));

    /// <summary>Compares all models of a set, with resamples drawn before for <see cref="ResultSet.Models"/>.</summary>
    public static ComparisonTable Of(ResultSet set, ClusterBootstrap bootstrap)
    {
        var order = Enumerable.Range(0, set.Models.Length)
            .Select(i => (Index: i, Cases: Share(set, set.Models[i]), Questions: Correct(set, set.Models[i])))
            .OrderByDescending(m => m.Cases).ThenByDescending(m => m.Questions).Select(m => m.Index).ToList();
        var models = order.Select(i => set.Models[i]).ToImmutableArray();
        var pairs = ComparePairs(set, models);
        return new ComparisonTable { Models = models, Pairs = pairs, Ranks = RankInterval.Of(bootstrap, set.Models, order), Groups = Group(models, pairs) };
    }

    private static ImmutableArray<ModelComparison> ComparePairs(ResultSet set, ImmutableArray<ModelResults> models)
    {
        var counts = models.Select(m => new CaseCounts(set, m)).ToList();
        // When all cover the same cases, one set of exchanges serves all pairs.
        var same = models.All(m => m.Covers.AsSpan().SequenceEqual(models[0].Covers.AsSpan()));
        var covered = models.Length > 0 ? set.Cases.Where(c => models[0].Covers[c.Index] && c.Questions.Length > 0).ToList() : [];
        var values = same && covered.Count > 0 ? SignFlipTest.AllPairs([.. counts.Select(m => covered.Select(c => m.Correct[c.Index]).ToArray())]) : null;

        var indices = Enumerable.Range(0, models.Length).SelectMany(i => Enumerable.Range(i + 1, models.Length - i - 1).Select(j => (First: i, Second: j))).ToArray();
        var pairs = new ModelComparison[indices.Length];
        Parallel.For(0, pairs.Length, Cores.ForWork, i => pairs[i] = PairBuilder.Compare(set, counts[indices[i].First], counts[indices[i].Second], values?[indices[i].First, indices[i].Second]));
        var cases = Holm.Adjust([.. pairs.Select(p => p.CaseP)]);
        var questions = Holm.Adjust([.. pairs.Select(p => p.QuestionP)]);
        return [.. pairs.Select((pair, i) => pair with { AdjustedCaseP = cases[i], AdjustedQuestionP = questions[i] })];
    }

    private static ImmutableArray<ImmutableArray<string>> Group(ImmutableArray<ModelResults> models, ImmutableArray<ModelComparison> pairs)
    {
        var apart = pairs.Where(p => p.AdjustedQuestionP <= Alpha).Select(p => (p.First, p.Second)).ToHashSet();
        var groups = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        var reached = 0;
        for (var from = 0; from < models.Length; from++)
        {
            var to = from + 1;
            while (to < models.Length && Enumerable.Range(from, to - from).All(i => !apart.Contains((models[i].Model, models[to].Model)))) to++;
            // A group inside the one before says nothing new.
            if (to > reached) groups.Add([.. models[from..to].Select(m => m.Model)]);
            reached = Math.Max(reached, to);
        }

        return groups.DrainToImmutable();
    }

    private static double Share(ResultSet set, ModelResults model) =>
        new Ratio(set.Cases.Count(c => model.Covers[c.Index] && model.IsCaseCorrect(c)), model.Covers.Count(c => c)).Value;

    private static double Correct(ResultSet set, ModelResults model) =>
        new Ratio(model.Answers.Count(a => a.IsCorrect), set.Cases.Where(c => model.Covers[c.Index]).Sum(c => c.Questions.Length)).Value;
}
