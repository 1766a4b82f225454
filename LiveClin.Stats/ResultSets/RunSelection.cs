namespace LiveClin.Stats.ResultSets;

/// <summary>Which runs of a store or evaluator make a set.</summary>
public sealed record RunSelection
{
    /// <summary>Release by name or SHA-256; null for the one with most models.</summary>
    public string? Release { get; init; }

    /// <summary>
    /// The condition that cases were asked under, by its full name; the published one unless given. Runs that are named may have any.
    /// </summary>
    public string Condition { get; init; } = Core.Conditions.Condition.PublishedName;

    /// <summary>Exactly these runs, by identifier; empty for one run of each model and setting.</summary>
    public IReadOnlyList<string> RunIds { get; init; } = [];

    /// <summary>Runs that stand for their model and setting, whichever the rule would take.</summary>
    public IReadOnlyList<string> PreferredRunIds { get; init; } = [];

    /// <summary>Models to leave out, by name or label.</summary>
    public IReadOnlyCollection<string> IgnoredModels { get; init; } = [];
}
