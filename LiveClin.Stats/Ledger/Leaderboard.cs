using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using LiveClin.Core.Conditions;
using LiveClin.Core.Simulated;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Ledger;

/// <summary>The models of a set, best case accuracy first, each with what its scores are worth.</summary>
/// <param name="Release">Name of the release.</param>
/// <param name="Rows">The models.</param>
/// <param name="Notes">What the reader should know.</param>
public sealed record Leaderboard(string Release, ImmutableArray<LeaderboardRow> Rows, ImmutableArray<string> Notes)
{
    /// <summary>The leaderboard of a set.</summary>
    public static Leaderboard Of(ResultSet set) => set.Once(Compute);

    /// <summary>
    /// A row's rank by case accuracy among the models, 1 for the best; equals share the better one. Null for floors and simulated
    /// examinees, which stand apart, for partial runs, under conditions, and for models without a reply.
    /// </summary>
    public int? RankOf(LeaderboardRow row) =>
        !IsRanked(row) ? null : 1 + Rows.Count(other => IsRanked(other) && other.Ledger.Cases.Value > row.Ledger.Cases.Value);

    private static bool IsRanked(LeaderboardRow row) =>
        row.Ledger.Model is { Kind: ModelKind.Model, IsPartial: false, Condition: Condition.PublishedName }
            && row.Ledger.Answered.Total > 0;

    private static Leaderboard Compute(ResultSet set)
    {
        var rows = new LeaderboardRow[set.Models.Length];
        Parallel.For(0, rows.Length, Cores.ForWork, i => rows[i] = LeaderboardRow.Of(set, set.Models[i]));
        return new Leaderboard(
            set.Release,
            [.. rows.OrderByDescending(r => r.Ledger.Cases.Value).ThenByDescending(r => r.Ledger.Questions.Value)
                .ThenBy(r => r.Ledger.Model.Model, StringComparer.Ordinal)],
            set.Notes);
    }
}

/// <summary>A model's place on the leaderboard.</summary>
/// <param name="Ledger">Its account.</param>
/// <param name="CaseInterval">Wilson interval of its case accuracy, 95 %.</param>
/// <param name="QuestionMean">Its question accuracy with the standard error clustered by case.</param>
/// <param name="Balanced">Its question accuracy with every key letter counted alike.</param>
public sealed record LeaderboardRow(ModelLedger Ledger, Interval CaseInterval, ClusteredMean QuestionMean, BalancedAccuracy Balanced)
{
    // When one run moves on, the other models' rows stay.
    private static readonly ConditionalWeakTable<ModelResults, LeaderboardRow> Known = [];

    /// <summary>A model's row.</summary>
    public static LeaderboardRow Of(ResultSet set, ModelResults model) => Known.GetValue(model, _ => Compute(set, model));

    private static LeaderboardRow Compute(ResultSet set, ModelResults model)
    {
        var ledger = ModelLedger.Of(set, model);
        // Of a model that never replied nothing can be estimated, although its published accuracies are 0.
        if (ledger.Answered.Total == 0) return new LeaderboardRow(ledger, Interval.None, ClusteredMean.Estimate([]), BalancedAccuracy.None);
        var cases = set.Cases.Where(c => model.Covers[c.Index]).Select(c => new Ratio(model.CorrectIn(c), c.Questions.Length)).ToList();
        return new LeaderboardRow(ledger, Wilson.Interval(ledger.Cases), ClusteredMean.Estimate(cases), BalancedAccuracy.Of(set, model));
    }
}
