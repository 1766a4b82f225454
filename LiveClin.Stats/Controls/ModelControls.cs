using System.Collections.Immutable;
using LiveClin.Core.Conditions;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Controls;

/// <summary>What one model's score is made of, as far as its conditions were run.</summary>
public sealed record ModelControls
{
    /// <summary>The model: the label of its published run.</summary>
    public required string Model { get; init; }

    /// <summary>Its published run.</summary>
    public string? RunId { get; init; }

    /// <summary>Question accuracy as published, clustered by case.</summary>
    public required ClusteredMean Questions { get; init; }

    /// <summary>Case accuracy as published.</summary>
    public required Ratio Cases { get; init; }

    /// <summary>The conditions, in the order of their names in the table of conditions.</summary>
    public required ImmutableArray<ConditionEffect> Effects { get; init; }

    /// <summary>How much stays without the images, for each condition without them.</summary>
    public required ImmutableArray<MirageScore> Mirage { get; init; }

    /// <summary>The options' order; null where no other order was run.</summary>
    public OrderControl? Order { get; init; }

    /// <summary>How errors follow errors as published.</summary>
    public required ErrorPropagation Errors { get; init; }

    /// <summary>The own history's part; null where <c>gold-history</c> was not run.</summary>
    public HistoryControl? History { get; init; }

    /// <summary>Accuracy on cases published after the model's training data ended against those before; null without dates or cut-off.</summary>
    public RecencyGap? Recency { get; init; }

    /// <summary>Number of tests over which p-values are corrected.</summary>
    public int Tests => 2 * Effects.Count(effect => effect.IsTested);

    /// <summary>The controls of a model.</summary>
    /// <param name="set">A set that holds the published results and those under conditions.</param>
    /// <param name="published">The published results.</param>
    /// <param name="conditions">The same model and setting under conditions.</param>
    public static ModelControls Of(ResultSet set, ModelResults published, IEnumerable<ModelResults> conditions)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(published);
        List<ChangedQuestions> changed =
        [
            .. conditions.OrderBy(model => Condition.Parse(model.Condition).TableOrder).ThenBy(model => model.Condition, StringComparer.Ordinal)
                .Select(model => new ChangedQuestions(set, published, model)),
        ];
        var covered = set.Cases.Where(clinicalCase => published.Covers[clinicalCase.Index]).ToList();
        var effects = EffectBuilder.Build(changed);
        return new ModelControls
        {
            Model = published.Model,
            RunId = published.RunId,
            Questions = ClusteredMean.Estimate([.. covered.Select(c => new Ratio(published.CorrectIn(c), c.Questions.Length))]),
            Cases = new Ratio(covered.Count(published.IsCaseCorrect), covered.Count),
            Effects = effects,
            Mirage =
            [
                .. changed.Zip(effects).Where(pair => pair.Second.Condition is "no-images" or "images-missing" or "blank-images")
                    .Select(pair => MirageScore.Of(pair.First, pair.Second)),
            ],
            Order = OrderControl.Of(set, published, [.. changed.Select(each => each.Other).Where(IsOtherOrder)]),
            Errors = ErrorPropagation.Of(set, published),
            History = changed.Find(each => each.Other.Condition == "gold-history") is { } gold ? HistoryControl.Of(set, published, gold.Other) : null,
        };
    }

    // Another order and nothing else.
    private static bool IsOtherOrder(ModelResults model) =>
        !model.Condition.Contains('+', StringComparison.Ordinal)
        && (model.Condition.StartsWith("shuffled:", StringComparison.Ordinal) || model.Condition.StartsWith("rotated:", StringComparison.Ordinal));
}
