using System.Collections.Immutable;
using LiveClin.Core.Prompts;

namespace LiveClin.Core.Conditions;

/// <summary>What of a case or its conversation a part decides about. Two parts that decide about the same thing cannot be joined.</summary>
[Flags]
internal enum ChangedAspects
{
    None = 0,
    Order = 1,
    Images = 2,
    Tables = 4,
    Scenario = 8,
    Words = 16,
    History = 32,
}

/// <summary>A kind of condition: one row of the table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Changes">What it decides about.</param>
/// <param name="Apply">Makes of a case what is shown under it; its number is its seed. Null: the case cannot be asked so.</param>
internal sealed record ConditionKind(string Name, ChangedAspects Changes, Func<ShownCase, int, ConditionContext, ShownCase?> Apply)
{
    private const ChangedAspects WholeCase = ChangedAspects.Images | ChangedAspects.Tables | ChangedAspects.Scenario;

    /// <summary>True when a number follows its name.</summary>
    public bool TakesNumber { get; private init; }

    /// <summary>True when no question depends on a reply under it.</summary>
    public bool HasIndependentTurns { get; private init; }

    /// <summary>True when it needs the images' files.</summary>
    public bool NeedsImageFiles { get; private init; }

    /// <summary>Smaller the more of the published requests' beginnings stays under it.</summary>
    public int CacheOrder { get; private init; }

    /// <summary>All kinds, in the order in which they are applied and written.</summary>
    public static ImmutableArray<ConditionKind> All { get; } =
    [
        new("shuffled", ChangedAspects.Order, (shown, seed, _) => OptionOrder.Shuffle(shown, seed)) { TakesNumber = true, CacheOrder = 3 },
        new("rotated", ChangedAspects.Order, (shown, places, _) => OptionOrder.Rotate(shown, places))
        {
            TakesNumber = true,
            CacheOrder = 3,
        },
        new("no-images", ChangedAspects.Images, (shown, _, _) => shown.WithFigures(FigureForm.LinesOnly)) { CacheOrder = 5 },
        new("images-missing", ChangedAspects.Images, (shown, _, _) => shown.WithFigures(FigureForm.SaidToBeMissing)) { CacheOrder = 6 },
        new("blank-images", ChangedAspects.Images, (shown, _, _) => shown.WithFigures(FigureForm.Blank))
        {
            NeedsImageFiles = true,
            CacheOrder = 5,
        },
        new("swapped-images", ChangedAspects.Images, ImageSwap.Apply) { TakesNumber = true, NeedsImageFiles = true, CacheOrder = 5 },
        new("no-tables", ChangedAspects.Tables, (shown, _, _) => shown.WithoutTables()) { CacheOrder = 6 },
        new("no-case", WholeCase, (shown, _, _) => shown.WithoutCase()) { CacheOrder = 7 },
        new("choices-only", WholeCase | ChangedAspects.History, (shown, _, _) => shown.WithChoicesOnly())
        {
            HasIndependentTurns = true,
            CacheOrder = 8,
        },
        new("none-of-the-above", ChangedAspects.Words, (shown, _, _) => NoneOfTheAbove.Apply(shown)) { CacheOrder = 4 },
        new("gold-history", ChangedAspects.History, (shown, _, _) => ForcedHistory.Gold(shown))
        {
            HasIndependentTurns = true,
            CacheOrder = 1,
        },
        new("wrong-history", ChangedAspects.History, (shown, seed, _) => ForcedHistory.Wrong(shown, seed))
        {
            TakesNumber = true, HasIndependentTurns = true, CacheOrder = 1,
        },
        new("single-turn", ChangedAspects.History, (shown, _, _) => shown.WithSingleTurns()) { HasIndependentTurns = true, CacheOrder = 2 },
    ];
}
