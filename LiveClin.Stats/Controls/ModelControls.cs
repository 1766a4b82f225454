using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;
using LiveClin.Core.Reviews;
using LiveClin.Core.Simulated;
using LiveClin.Stats.Epochs;
using LiveClin.Stats.Floors;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Controls;

/// <summary>What one model's score is made of, as far as its conditions were run.</summary>
public sealed record ModelControls
{
    private const int EpochsForLuck = 3;

    /// <summary>The model: the label of its published run.</summary>
    public required string Model { get; init; }

    /// <summary>Its published run.</summary>
    public string? RunId { get; init; }

    /// <summary>What it is: a model, a floor, or a simulated examinee.</summary>
    public ModelKind Kind { get; init; }

    /// <summary>True when it covers only a part of the release: then its score is not that of the release.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Questions right as published, of all that it was asked.</summary>
    public required Ratio Answered { get; init; }

    /// <summary>Question accuracy as published, clustered by case.</summary>
    public required ClusteredMean Questions { get; init; }

    /// <summary>Interval of <see cref="Questions"/>, 95 %.</summary>
    public Interval QuestionInterval => Questions.Interval();

    /// <summary>Case accuracy as published.</summary>
    public required Ratio Cases { get; init; }

    /// <summary>Wilson interval of <see cref="Cases"/>, 95 %.</summary>
    public Interval CaseInterval => Wilson.Interval(Cases);

    /// <summary>The conditions that were run, in the order of their names in the table of conditions.</summary>
    public required ImmutableArray<ConditionEffect> Effects { get; init; }

    /// <summary>Those and the others of the standard set, which say how they are run: the ladder as it goes down, then the rest.</summary>
    public required ImmutableArray<ControlStep> Steps { get; init; }

    /// <summary>The score against the best floor of the release; null without replies or questions.</summary>
    public FloorCheck? Floor { get; init; }

    /// <summary>How much stays without the images, for each condition without them.</summary>
    public required ImmutableArray<MirageScore> Mirage { get; init; }

    /// <summary>The options' order; null where no other order was run.</summary>
    public OrderControl? Order { get; init; }

    /// <summary>How errors follow errors as published.</summary>
    public required ErrorPropagation Errors { get; init; }

    /// <summary>The own history's part; null where <c>gold-history</c> was not run.</summary>
    public HistoryControl? History { get; init; }

    /// <summary>Luck: what asking everything again shows; null where it was asked once.</summary>
    public EpochStatistics? Luck { get; init; }

    /// <summary>The command that asks everything again; null where that was done, and where the results were imported.</summary>
    public string? LuckCommand { get; init; }

    /// <summary>
    /// The command that runs every condition of the standard set that was not run; null where there is none, or no command.
    /// </summary>
    public string? MissingCommand { get; init; }

    /// <summary>
    /// Accuracy on cases published after the model's training data ended against those before; null without dates or cut-off.
    /// </summary>
    public RecencyGap? Recency { get; init; }

    /// <summary>The score without the questions whose key reviewers found wrong; null where there is none.</summary>
    public ScoreWithoutWrongKeys? WithoutWrongKeys { get; init; }

    /// <summary>Number of tests over which p-values are corrected.</summary>
    public int Tests => Effects.Sum(effect => effect.Tests);

    /// <summary>What p-values are corrected over, in words.</summary>
    public string Correction => ControlText.Correction(this);

    /// <summary>The conditions of the standard set that were not run.</summary>
    [JsonIgnore]
    public IEnumerable<ControlStep> NotRun => Steps.Where(step => step.Effect is null);

    /// <summary>A condition's row; null where it was not run and says less than the standard ones.</summary>
    public ControlStep? Step(string condition) => Steps.FirstOrDefault(step => step.Condition == condition);

    /// <summary>The controls of a model.</summary>
    /// <param name="set">A set that holds the published results.</param>
    /// <param name="published">The published results.</param>
    /// <param name="conditions">The same model and setting under conditions, over the cases of the set.</param>
    /// <param name="command">Asks the model again; null where nobody knows how.</param>
    /// <param name="verdicts">What reviewers say of the release's questions.</param>
    public static ModelControls Of(
        ResultSet set, ModelResults published, IEnumerable<ModelResults> conditions, RunCommand? command = null,
        IReadOnlyList<Verdict>? verdicts = null)
    {
        verdicts ??= [];
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(published);
        List<ChangedQuestions> changed =
        [
            .. conditions.OrderBy(model => Condition.Parse(model.Condition).TableOrder)
                .ThenBy(model => model.Condition, StringComparer.Ordinal)
                .Select(model => new ChangedQuestions(set, published, ReviewedCondition.Apply(set, model, verdicts))),
        ];
        var covered = set.Cases.Where(clinicalCase => published.Covers[clinicalCase.Index]).ToList();
        var effects = EffectBuilder.Build(changed);
        var luck = EpochStatistics.Of(set, published);
        return new ModelControls
        {
            Model = published.Model,
            RunId = published.RunId,
            Kind = published.Kind,
            IsPartial = published.IsPartial,
            Questions = ClusteredMean.Estimate([.. covered.Select(c => new Ratio(published.CorrectIn(c), c.Questions.Length))]),
            Answered = new Ratio(covered.Sum(published.CorrectIn), covered.Sum(clinicalCase => clinicalCase.Questions.Length)),
            Cases = new Ratio(covered.Count(published.IsCaseCorrect), covered.Count),
            Effects = effects,
            Steps = StepsOf(effects, command),
            Floor = FloorCheck.Of(set).GetValueOrDefault(published.Model),
            Mirage = MirageScore.Of(
                [.. changed.Zip(effects).Where(pair => pair.Second.Condition is "no-images" or "images-missing" or "blank-images")]),
            Order = OrderControl.Of(set, published, [.. changed.Select(each => each.Other).Where(IsOtherOrder)]),
            WithoutWrongKeys = ScoreWithoutWrongKeys.Of(set, published, verdicts),
            Errors = ErrorPropagation.Of(set, published),
            History = changed.Find(each => each.Other.Condition == "gold-history") is { } gold
                ? HistoryControl.Of(set, published, gold.Other) : null,
            Luck = luck,
            LuckCommand = luck is null ? command?.Text([Condition.PublishedName], EpochsForLuck) : null,
            MissingCommand = Missing(effects) is { Count: > 0 } missing ? command?.Text(missing) : null,
        };
    }

    private static List<string> Missing(ImmutableArray<ConditionEffect> effects) =>
        [.. ControlStep.Expected.Except(effects.Select(effect => effect.Condition), StringComparer.Ordinal).OrderBy(ControlStep.Order)];

    private static ImmutableArray<ControlStep> StepsOf(ImmutableArray<ConditionEffect> effects, RunCommand? command) =>
    [
        .. effects.Select(effect => new ControlStep { Condition = effect.Condition, Effect = effect })
            .Concat(Missing(effects).Select(condition => new ControlStep { Condition = condition, Command = command?.Text([condition]) }))
            .OrderBy(step => ControlStep.Order(step.Condition)),
    ];

    // Another order and nothing else.
    private static bool IsOtherOrder(ModelResults model) =>
        !model.Condition.Contains('+', StringComparison.Ordinal)
        && (model.Condition.StartsWith("shuffled:", StringComparison.Ordinal)
            || model.Condition.StartsWith("rotated:", StringComparison.Ordinal));
}
