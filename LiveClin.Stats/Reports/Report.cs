using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LiveClin.Core.Simulated;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.Controls;
using LiveClin.Stats.Cost;
using LiveClin.Stats.Epochs;
using LiveClin.Stats.Floors;
using LiveClin.Stats.Items;
using LiveClin.Stats.Ledger;
using LiveClin.Stats.Reference;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Slices;
using LiveClin.Stats.Uncertainty;
using Verdict = LiveClin.Core.Reviews.Verdict;

namespace LiveClin.Stats.Reports;

/// <summary>Everything that is known about a set, computed once; every output writes from it.</summary>
public sealed record Report
{
    /// <summary>Version of the JSON form; a change that could break a reader raises it.</summary>
    public int SchemaVersion { get; } = 2;

    /// <summary>Name of the release.</summary>
    public required string Release { get; init; }

    /// <summary>When the report was made.</summary>
    public required DateTimeOffset GeneratedAt { get; init; }

    /// <summary>Cases in the set.</summary>
    public required int Cases { get; init; }

    /// <summary>Questions in the set.</summary>
    public required int Questions { get; init; }

    /// <summary>What the reader should know.</summary>
    public required ImmutableArray<string> Notes { get; init; }

    /// <summary>What the release gives away without medicine.</summary>
    public required ImmutableArray<ReleaseFloor> Floors { get; init; }

    /// <summary>Which model is called best, or why none is; empty without ranked models.</summary>
    public required string Best { get; init; }

    /// <summary>The models, best case accuracy first.</summary>
    public required ImmutableArray<ModelReport> Models { get; init; }

    /// <summary>The models against each other.</summary>
    public required ComparisonTable Comparison { get; init; }

    /// <summary>The questions whose keys deserve a look.</summary>
    public required ImmutableArray<ItemStatistics> SuspectItems { get; init; }

    /// <summary>
    /// What the models' scores are made of, each that was asked under a condition; null where none was, or the source knows none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<ModelControls>? Controls { get; init; }

    /// <summary>The published reference, where it belongs to this release; empty elsewhere.</summary>
    public required ImmutableArray<PublishedModel> Reference { get; init; }

    /// <summary>Computes the report of a set.</summary>
    /// <param name="set">The set.</param>
    /// <param name="prices">What tokens cost.</param>
    /// <param name="generatedAt">When it is made.</param>
    /// <param name="controls">What the models' scores are made of; null where the source knows no conditions.</param>
    public static Report Of(ResultSet set, PriceTable prices, DateTimeOffset generatedAt, ControlBoard? controls = null)
    {
        var board = Leaderboard.Of(set);
        var bootstrap = ClusterBootstrap.Of(set);
        var items = ItemAnalysis.Of(set);
        var models = new ModelReport[board.Rows.Length];
        Parallel.For(0, models.Length, Cores.ForWork,
            i => models[i] = ModelReport.Of(set, board.Rows[i], bootstrap, prices, controls?.Verdicts));
        return new Report
        {
            Release = set.Release, GeneratedAt = generatedAt, Cases = set.Cases.Length, Questions = set.QuestionCount,
            Notes = items.Missing is { } missing ? [.. set.Notes, missing] : set.Notes,
            Floors = ReleaseFloors.Of(set).All,
            Best = BestModel.Of(set).Statement,
            Models = [.. models],
            Comparison = ComparisonTable.Of(set),
            SuspectItems = [.. items.Suspects],
            Controls = controls is { HasEffects: true } ? [.. controls.Models.Where(model => !model.Effects.IsEmpty)] : null,
            Reference = PublishedReference.AppliesTo(set) ? PublishedReference.Models : [],
        };
    }
}

/// <summary>One model's part of a report.</summary>
public sealed record ModelReport
{
    /// <summary>Its account.</summary>
    public required ModelLedger Ledger { get; init; }

    /// <summary>The true ability of a simulated examinee; null for others.</summary>
    public ExamineeTruth? Truth { get; init; }

    /// <summary>Whether a floor can explain its answers; null without replies.</summary>
    public FloorCheck? FloorCheck { get; init; }

    /// <summary>What several epochs show; null with one.</summary>
    public EpochStatistics? Epochs { get; init; }

    /// <summary>Wilson interval of the case accuracy.</summary>
    public required Interval CaseInterval { get; init; }

    /// <summary>Question accuracy with clustered standard error.</summary>
    public required ClusteredMean QuestionMean { get; init; }

    /// <summary>Interval of the question accuracy from <see cref="QuestionMean"/>.</summary>
    public required Interval QuestionInterval { get; init; }

    /// <summary>Question accuracy with every key letter counted alike.</summary>
    public required BalancedAccuracy Balanced { get; init; }

    /// <summary>Interval of the balanced accuracy from <see cref="Balanced"/>.</summary>
    public required Interval BalancedInterval { get; init; }

    /// <summary>Bootstrap interval of the case accuracy.</summary>
    public required Interval CaseBootstrap { get; init; }

    /// <summary>Bootstrap interval of the question accuracy.</summary>
    public required Interval QuestionBootstrap { get; init; }

    /// <summary>Case accuracy against independence of questions.</summary>
    public required Independence Independence { get; init; }

    /// <summary>Parts, dimension by dimension.</summary>
    public required ImmutableArray<Slice> Slices { get; init; }

    /// <summary>First error by position.</summary>
    public required Survival Survival { get; init; }

    /// <summary>Letters and lengths of options.</summary>
    public required LetterBias LetterBias { get; init; }

    /// <summary>Tokens, time, money.</summary>
    public required CostSummary Cost { get; init; }

    /// <summary>The score without the questions whose key reviewers found wrong; null where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ScoreWithoutWrongKeys? WithoutWrongKeys { get; init; }

    /// <summary>Computes a model's part.</summary>
    /// <param name="set">The set.</param>
    /// <param name="row">The model's place on the leaderboard.</param>
    /// <param name="bootstrap">Resamples of the set.</param>
    /// <param name="prices">What tokens cost.</param>
    /// <param name="verdicts">What reviewers say of the release's questions; null for nothing.</param>
    public static ModelReport Of(
        ResultSet set, LeaderboardRow row, ClusterBootstrap bootstrap, PriceTable prices, IReadOnlyList<Verdict>? verdicts = null)
    {
        var model = row.Ledger.Model;
        var number = set.Models.IndexOf(model);
        return new ModelReport
        {
            Ledger = row.Ledger,
            Truth = set.TruthOf(model),
            FloorCheck = FloorCheck.Of(set).GetValueOrDefault(model.Model),
            Epochs = EpochStatistics.Of(set, model),
            CaseInterval = row.CaseInterval,
            QuestionMean = row.QuestionMean,
            QuestionInterval = row.QuestionMean.Interval(),
            Balanced = row.Balanced,
            BalancedInterval = row.Balanced.Interval(),
            CaseBootstrap = bootstrap.CaseInterval(number),
            QuestionBootstrap = bootstrap.QuestionInterval(number),
            Independence = Independence.Of(set, model),
            Slices = [.. Enum.GetValues<SliceDimension>().SelectMany(dimension => Slicer.Cut(set, model, dimension))],
            Survival = Survival.Of(set, model),
            LetterBias = LetterBias.Of(set, model),
            Cost = CostSummary.Of(set, model, prices[model.Model]),
            WithoutWrongKeys = ScoreWithoutWrongKeys.Of(set, model, verdicts ?? []),
        };
    }
}
