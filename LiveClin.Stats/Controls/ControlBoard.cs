using System.Collections.Immutable;
using LiveClin.Core.Reviews;

namespace LiveClin.Stats.Controls;

/// <summary>What the scores of all models of a set are made of: models by conditions.</summary>
/// <param name="Models">The models, in the order of the leaderboard.</param>
public sealed record ControlBoard(ImmutableArray<ModelControls> Models)
{
    /// <summary>
    /// The conditions that at least one model was asked under, and those of the standard set: the ladder as it goes down, then the rest.
    /// </summary>
    public ImmutableArray<string> Conditions { get; } =
        [.. Models.SelectMany(model => model.Steps).Select(step => step.Condition).Distinct(StringComparer.Ordinal)
            .OrderBy(ControlStep.Order)];

    /// <summary>Another one whenever something in it was worked out anew.</summary>
    internal string Version { get; init; } = "";

    /// <summary>What reviewers say of the release's questions.</summary>
    public IReadOnlyList<Verdict> Verdicts { get; init; } = [];

    /// <summary>True when some condition was run of some model.</summary>
    public bool HasEffects => Models.Any(model => !model.Effects.IsEmpty);
}
