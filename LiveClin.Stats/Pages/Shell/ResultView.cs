using System.Collections.Immutable;
using LiveClin.Core.Simulated;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.Cost;
using LiveClin.Stats.Items;
using LiveClin.Stats.Ledger;
using LiveClin.Stats.Pages.Cases;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;
using Run = LiveClin.Evaluator.V1.Run;

namespace LiveClin.Stats.Pages.Shell;

/// <summary>A result set with what several pages show of it, computed when first wanted.</summary>
public sealed class ResultView
{
    private readonly Lazy<ImmutableArray<CaseRow>> _rows;
    private readonly Lazy<ImmutableArray<CostSummary>> _costs;

    internal ResultView(ResultSet set, PriceTable prices)
    {
        Set = set;
        _costs = new(() => [.. Board.Rows.AsParallel().AsOrdered().WithDegreeOfParallelism(Cores.ForWork.MaxDegreeOfParallelism)
            .Select(r => CostSummary.Of(set, r.Ledger.Model, prices[r.Ledger.Model.Model]))]);
        _rows = new(() => CaseRow.Of(set, [.. Board.Rows.Select(r => r.Ledger.Model)]));
    }

    /// <summary>The set.</summary>
    public ResultSet Set { get; }

    /// <summary>All runs of the evaluator, newest first, as of the last look: those behind the set, and those that could be.</summary>
    internal IReadOnlyList<Run> Runs { get; set; } = [];

    /// <summary>Its leaderboard.</summary>
    public Leaderboard Board => Leaderboard.Of(Set);

    /// <summary>Its cases, each with every model's result in the order of the leaderboard.</summary>
    public ImmutableArray<CaseRow> Rows => _rows.Value;

    /// <summary>Its questions.</summary>
    public ItemAnalysis Items => ItemAnalysis.Of(Set);

    /// <summary>What its answers took, by model in the order of the leaderboard.</summary>
    public ImmutableArray<CostSummary> Costs => _costs.Value;

    /// <summary>The models that are compared when nobody has chosen any: the best ones.</summary>
    public IEnumerable<string> ComparedAtFirst => Models.Select(m => m.Model).Take(5);

    /// <summary>Computes what most pages show, before any of them waits for it.</summary>
    internal void Prepare() => _ = (Rows, Items, Costs);

    /// <summary>Computes what takes longest, so that nobody has to wait for it: the comparisons that pages offer by themselves.</summary>
    internal async Task PrepareComparisonsAsync(SharedWork work)
    {
        var atFirst = ComparedAtFirst.ToHashSet();
        if (atFirst.Count < 2) return;
        await work.OfSetAsync(Set.WithModels(m => atFirst.Contains(m.Model)), ComparisonTable.Of, CancellationToken.None);
        await work.OfSetAsync(Set.WithModels(m => m.Kind != ModelKind.Floor), ComparisonTable.Of, CancellationToken.None);
    }

    /// <summary>The models in the order of the leaderboard, then the simulated examinees, floors last.</summary>
    public IEnumerable<ModelResults> Models =>
        Board.Rows.Select(r => r.Ledger.Model).OrderBy(m => m.Kind switch { ModelKind.Model => 0, ModelKind.Simulated => 1, _ => 2 });
}
