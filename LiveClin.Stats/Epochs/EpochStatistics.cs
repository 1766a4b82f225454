using System.Collections.Immutable;
using System.Globalization;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Epochs;

/// <summary>
/// What asking everything several times shows of a model. The published accuracies are those of the first epoch and stay as they are.
/// </summary>
public sealed record EpochStatistics
{
    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>Number of epochs.</summary>
    public required int Epochs { get; init; }

    /// <summary>Question accuracy, mean over epochs.</summary>
    public required EpochMean Questions { get; init; }

    /// <summary>Case accuracy, mean over epochs.</summary>
    public required EpochMean Cases { get; init; }

    /// <summary>Mean over questions of the sample variance of being right (0 or 1) over epochs: how far answers hang on chance.</summary>
    public required double WithinQuestionVariance { get; init; }

    /// <summary>Variance of the mean question accuracy of a case over cases, without the part that comes from answering anew.</summary>
    public required double BetweenCaseVariance { get; init; }

    /// <summary>Questions right in all epochs, of those asked in all.</summary>
    public required Ratio RightInAll { get; init; }

    /// <summary>Questions right in at least one epoch, likewise.</summary>
    public required Ratio RightInAny { get; init; }

    /// <summary>Questions right in more than half of the epochs, likewise.</summary>
    public required Ratio RightByMajority { get; init; }

    /// <summary>Share of pairs of epochs in which a question is right once and not the other time, mean over questions.</summary>
    public required double FlipRate { get; init; }

    /// <summary>
    /// Epochs from which on more would not lower the error of the question accuracy by more than 5 %; null when every one helps.
    /// </summary>
    public required int? WorthwhileEpochs { get; init; }

    /// <summary>How many more epochs would be worth it; null when every one helps.</summary>
    public int? MoreEpochs => WorthwhileEpochs is { } worthwhile ? Math.Max(0, worthwhile - Epochs) : null;

    /// <summary>All of this in a few sentences.</summary>
    public string Statement => $"{Means} {Consistency} {Advice}";

    /// <summary>A model's; null when it was asked once.</summary>
    public static EpochStatistics? Of(ResultSet set, ModelResults model) => set.Once(ComputeAll).GetValueOrDefault(model.Model);

    /// <summary>Those of results that are no part of a set, over the cases that they cover; null when everything was asked once.</summary>
    internal static EpochStatistics? Of(ModelResults model, IEnumerable<CaseFacts> cases) =>
        model.LaterEpochs.IsEmpty ? null : Compute(model, EpochCounts.Of(model, cases));

    private static ImmutableDictionary<string, EpochStatistics> ComputeAll(ResultSet set) => set.Models
        .AsParallel().WithDegreeOfParallelism(Cores.ForWork.MaxDegreeOfParallelism)
        .Select(model => Compute(model, EpochCounts.Of(model, set.Cases))).OfType<EpochStatistics>()
        .ToImmutableDictionary(statistics => statistics.Model, StringComparer.Ordinal);

    private static EpochStatistics? Compute(ModelResults model, List<EpochCounts> counts)
    {
        var epochs = counts.Select(count => count.Epochs).DefaultIfEmpty(0).Max();
        if (epochs < 2) return null;
        var questions = EpochMean.Estimate(counts, count => count.Mean, count => count.Variance, count => count.Case.Questions.Length);
        var complete = counts.Where(count => count.Epochs == epochs).SelectMany(count => count.RightByQuestion).ToList();
        // Of k epochs with r right, r·(k − r) pairs of k·(k − 1)/2 differ; half of that share is the sample variance of 0 and 1.
        var flips = counts.Where(count => count.Epochs > 1)
            .SelectMany(count =>
                count.RightByQuestion.Select(right => 2.0 * right * (count.Epochs - right) / (count.Epochs * (count.Epochs - 1))))
                .Average();
        return new EpochStatistics
        {
            Model = model.Model,
            Epochs = epochs,
            Questions = questions,
            Cases = EpochMean.Estimate(counts, count => count.Whole, count => count.WholeVariance, _ => 1),
            WithinQuestionVariance = flips / 2,
            BetweenCaseVariance = questions.BetweenCases * questions.Cases,
            RightInAll = new Ratio(complete.Count(right => right == epochs), complete.Count),
            RightInAny = new Ratio(complete.Count(right => right > 0), complete.Count),
            RightByMajority = new Ratio(complete.Count(right => right * 2 > epochs), complete.Count),
            FlipRate = flips,
            WorthwhileEpochs = questions.WorthwhileEpochs(epochs),
        };
    }

    private string Means =>
        $"Mean over {Epochs} epochs: {Share(Questions)} of questions, {Share(Cases)} of cases.";

    private string Consistency =>
        $"Right in all epochs: {PairText.Share(RightInAll)} questions; in at least one: {PairText.Share(RightInAny)}; "
        + $"in more than half: {PairText.Share(RightByMajority)}; from one epoch to another {Percent(FlipRate)} change side.";

    private string Advice => MoreEpochs switch
    {
        null => "All of the error comes from answering anew: every further epoch lowers it.",
        0 => "No number of further epochs would lower the error of the question accuracy by more than 5 %: more cases would.",
        1 => "One more epoch is worth it; beyond that none would lower the error of the question accuracy by more than 5 %.",
        { } more => string.Create(
            CultureInfo.InvariantCulture,
            $"{more:#,0} more epochs are worth it; beyond that none would lower the error of the question accuracy by more than 5 %."),
    };

    private static string Share(EpochMean mean) => mean.Interval is { } interval && double.IsFinite(interval.Low)
        ? $"{Percent(mean.Mean)} (95 % interval {Percent(interval.Low)} to {Percent(interval.High)})"
        : Percent(mean.Mean);

    private static string Percent(double share) =>
        double.IsFinite(share) ? (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %" : "–";
}
