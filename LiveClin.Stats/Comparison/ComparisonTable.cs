using System.Collections.Immutable;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Comparison;

/// <summary>
/// All models of a set against each other: differences, corrected tests, rank intervals, and groups that cannot be told apart.
/// </summary>
public sealed record ComparisonTable
{
    /// <summary>Level of the tests.</summary>
    public const double Alpha = 0.05;

    /// <summary>The models, best case accuracy first.</summary>
    public required ImmutableArray<ModelResults> Models { get; init; }

    /// <summary>Every pair, corrected over all of them; the one that gets more shared cases right is first.</summary>
    public required ImmutableArray<ModelComparison> Pairs { get; init; }

    /// <summary>
    /// By model, in order: between which ranks by case accuracy it lies in 95 % of the resamples; null for floors and simulated
    /// examinees, which take no rank.
    /// </summary>
    public required ImmutableArray<RankInterval?> Ranks { get; init; }

    /// <summary>Models that the corrected question test cannot tell apart from one another; a model can be in several groups.</summary>
    public required ImmutableArray<ImmutableArray<string>> Groups { get; init; }

    /// <summary>Compares all models of a set.</summary>
    public static ComparisonTable Of(ResultSet set) => set.Once(static s => Of(s, ClusterBootstrap.Of(s)));

    /// <summary>Compares all models of a set, with resamples drawn before for <see cref="ResultSet.Models"/>.</summary>
    public static ComparisonTable Of(ResultSet set, ClusterBootstrap bootstrap)
    {
        var order = Enumerable.Range(0, set.Models.Length)
            .Select(i => (Index: i, Cases: Share(set, set.Models[i]), Questions: Correct(set, set.Models[i])))
            .OrderByDescending(m => m.Cases).ThenByDescending(m => m.Questions).Select(m => m.Index).ToList();
        var models = order.Select(i => set.Models[i]).ToImmutableArray();
        var pairs = Comparisons.Of(set, models);
        return new ComparisonTable
        {
            Models = models,
            Pairs = pairs,
            Ranks = RankInterval.Of(bootstrap, set.Models, order),
            Groups = Group(models, pairs),
        };
    }

    private static ImmutableArray<ImmutableArray<string>> Group(ImmutableArray<ModelResults> models, ImmutableArray<ModelComparison> pairs)
    {
        var apart = pairs.Where(p => p.TellsQuestionsApart).SelectMany(p => new[] { (p.First, p.Second), (p.Second, p.First) }).ToHashSet();
        var groups = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        var reached = 0;
        for (var from = 0; from < models.Length; from++)
        {
            var to = from + 1;
            while (to < models.Length && Enumerable.Range(from, to - from).All(i => !apart.Contains((models[i].Model, models[to].Model))))
                to++;
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
