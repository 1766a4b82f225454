using LiveClin.Core.Conditions;

namespace LiveClin.Stats.Controls;

/// <summary>One row of what a score is made of: a condition that was run, or one that says much and was not.</summary>
public sealed record ControlStep
{
    /// <summary>What takes more and more away from a case, in this order: what is left of the score step by step.</summary>
    public static readonly string[] Ladder = ["no-images", "images-missing", "no-case", "choices-only"];

    /// <summary>The condition, by its full name.</summary>
    public required string Condition { get; init; }

    /// <summary>What the model gets under it, in a few words.</summary>
    public string Meaning => ConditionWords.Of(Condition);

    /// <summary>True for a step of <see cref="Ladder"/>.</summary>
    public bool IsOfLadder => Ladder.Contains(Condition, StringComparer.Ordinal);

    /// <summary>What it does to the score; null where it was not run.</summary>
    public ConditionEffect? Effect { get; init; }

    /// <summary>The command that runs it in the model's setting; null where it was run, and where the results were imported.</summary>
    public string? Command { get; init; }

    /// <summary>What the data allow to say of it.</summary>
    public string Sentence => Effect is { } effect ? ControlText.Of(effect) : ControlText.NotRun(this);

    /// <summary>The conditions that every model is expected to have: those of the standard set.</summary>
    internal static IEnumerable<string> Expected =>
        Core.Conditions.Condition.Standard.Where(condition => !condition.IsPublished).Select(condition => condition.Name);

    /// <summary>Sorts conditions: the ladder as it goes down, then the others as in their table.</summary>
    internal static (int, int, string) Order(string condition) => Array.IndexOf(Ladder, condition) is >= 0 and var place
        ? (place, 0, condition)
        : (Ladder.Length, Core.Conditions.Condition.Parse(condition).TableOrder, condition);
}
