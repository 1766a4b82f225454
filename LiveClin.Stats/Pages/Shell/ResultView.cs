using System.Collections.Immutable;
using LiveClin.Stats.Items;
using LiveClin.Stats.Ledger;
using LiveClin.Stats.Pages.Cases;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Pages.Shell;

/// <summary>A result set with what several pages show of it, computed when first wanted.</summary>
public sealed class ResultView
{
    private readonly Lazy<Leaderboard> _board;
    private readonly Lazy<ImmutableArray<CaseRow>> _rows;
    private readonly Lazy<ItemAnalysis> _items;

    internal ResultView(ResultSet set)
    {
        Set = set;
        _board = new(() => Leaderboard.Of(set));
        _items = new(() => ItemAnalysis.Of(set));
        _rows = new(() => CaseRow.Of(set, [.. Board.Rows.Select(r => r.Ledger.Model)]));
    }

    /// <summary>The set.</summary>
    public ResultSet Set { get; }

    /// <summary>Its leaderboard.</summary>
    public Leaderboard Board => _board.Value;

    /// <summary>Its cases, each with every model's result in the order of the leaderboard.</summary>
    public ImmutableArray<CaseRow> Rows => _rows.Value;

    /// <summary>Its questions.</summary>
    public ItemAnalysis Items => _items.Value;

    /// <summary>Computes what most pages show, before any of them waits for it.</summary>
    internal void Prepare() => _ = (Rows, Items);

    /// <summary>The models in the order of the leaderboard, baselines last.</summary>
    public IEnumerable<ModelResults> Models => Board.Rows.Select(r => r.Ledger.Model).OrderBy(m => m.IsBaseline);
}
