using System.Collections.Immutable;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.Ledger;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Floors;

/// <summary>The model that may be called best: the first on the leaderboard whose answers no floor explains.</summary>
/// <param name="Row">Its row; null when there is none.</param>
/// <param name="PassedOver">The ranked models before it, whose answers a floor may explain.</param>
public sealed record BestModel(LeaderboardRow? Row, ImmutableArray<FloorCheck> PassedOver)
{
    /// <summary>The best model of a set.</summary>
    public static BestModel Of(ResultSet set) => set.Once(Compute);

    /// <summary>Which model is called best, or why none is; empty without ranked models.</summary>
    public required string Statement { get; init; }

    private static BestModel Compute(ResultSet set)
    {
        var board = Leaderboard.Of(set);
        var checks = FloorCheck.Of(set);
        var ranked = board.Rows.Where(row => board.RankOf(row) is not null).ToList();
        var best = ranked.Find(row => checks[row.Ledger.Model.Model].IsAbove);
        ImmutableArray<FloorCheck> before = [.. ranked.TakeWhile(row => row != best).Select(row => checks[row.Ledger.Model.Model])];
        return new BestModel(best, before) { Statement = Describe(best, before, checks) };
    }

    private static string Describe(LeaderboardRow? best, ImmutableArray<FloorCheck> before, ImmutableDictionary<string, FloorCheck> checks)
    {
        if (best is null && before.IsEmpty) return "";
        if (best is null) return $"No model is called best: a floor may explain what the leading one scores. {before[0].Statement}";
        var model = best.Ledger.Model.Model;
        var called = $"{model} is called best, with {PairText.Share(best.Ledger.Cases)} of cases. {checks[model].Statement}";
        return before.IsEmpty
            ? called : $"{called} Not called best although it scores higher: {string.Join(" ", before.Select(check => check.Statement))}";
    }
}
