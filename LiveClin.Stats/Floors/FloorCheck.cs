using System.Collections.Immutable;
using System.Globalization;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Floors;

/// <summary>
/// Whether a floor can explain a model's answers. The one rule for who may be called best and whose answers judge a key: it must not give
/// one letter for nearly all of its answers, and its question accuracy must lie above the best floor, paired and clustered by case, with
/// its whole 95 % interval.
/// </summary>
public sealed record FloorCheck
{
    /// <summary>Share of answers with one letter from which on a model is taken to say that letter whatever is asked.</summary>
    public const double NearlyAlways = 0.9;

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The best floor of the release.</summary>
    public required ReleaseFloor Floor { get; init; }

    /// <summary>The floor's question accuracy on the cases that the model covers.</summary>
    public required double FloorAccuracy { get; init; }

    /// <summary>The cases that the model covers, when they are not all of the release; null otherwise.</summary>
    public int? PartOfCases { get; init; }

    /// <summary>Question accuracy, model minus floor, on the cases that the model covers.</summary>
    public required PairedDifference Difference { get; init; }

    /// <summary>The letter that it gives most often; null without letters.</summary>
    public required char? Letter { get; init; }

    /// <summary>Its answers with that letter, of those with any.</summary>
    public required Ratio LetterShare { get; init; }

    /// <summary>True when it says one letter whatever is asked.</summary>
    public bool IsOneLetter => LetterShare.Value >= NearlyAlways;

    /// <summary>True when no floor explains its answers.</summary>
    public bool IsAbove => !IsOneLetter && Difference.Interval().Low > 0;

    /// <summary>What the check found, in one sentence.</summary>
    public string Statement =>
        IsAbove ? $"{Model} lies above the best floor: {Evidence}." : $"{Model} does not lie above the floors: {Reason}.";

    /// <summary>Why a floor may explain its answers, as half a sentence; empty when none does.</summary>
    internal string Reason => IsAbove ? "" : string.Join("; ", Reasons());

    /// <summary>The checks of all models of a set that replied, by name; empty where there are no questions.</summary>
    public static ImmutableDictionary<string, FloorCheck> Of(ResultSet set) => set.Once(ComputeAll);

    private static ImmutableDictionary<string, FloorCheck> ComputeAll(ResultSet set) =>
        ReleaseFloors.Of(set).Best is not { } floor ? ImmutableDictionary<string, FloorCheck>.Empty : set.Models
            .Where(model => model.Answers.Any(answer => answer.HasReply))
            .ToImmutableDictionary(model => model.Model, model => Compute(set, model, floor), StringComparer.Ordinal);

    private static FloorCheck Compute(ResultSet set, ModelResults model, ReleaseFloor floor)
    {
        var covered = set.Cases.Where(clinicalCase => model.Covers[clinicalCase.Index] && ReleaseFloor.Counts(clinicalCase)).ToList();
        var letters = model.Answers.Where(answer => answer.Letter is not null).CountBy(answer => answer.Letter!.Value)
            .OrderByDescending(count => count.Value).ThenBy(count => count.Key).ToList();
        return new FloorCheck
        {
            Model = model.Model,
            Floor = floor,
            FloorAccuracy = covered.Sum(floor.RightIn) / covered.Sum(clinicalCase => clinicalCase.Questions.Length),
            PartOfCases = covered.Count < floor.Cases ? covered.Count : null,
            Difference = PairedDifference.Estimate(
                [.. covered.Select(clinicalCase => (double)model.CorrectIn(clinicalCase))], [.. covered.Select(floor.RightIn)],
                [.. covered.Select(clinicalCase => clinicalCase.Questions.Length)]),
            Letter = letters is [var most, ..] ? most.Key : null,
            LetterShare = new Ratio(letters.FirstOrDefault().Value, letters.Sum(count => count.Value)),
        };
    }

    private IEnumerable<string> Reasons()
    {
        if (IsOneLetter) yield return $"it answers {Letter} to {PairText.Share(LetterShare)} of the questions to which it gives a letter";
        if (!(Difference.Interval().Low > 0)) yield return Evidence;
    }

    private string FloorOnCovered => PartOfCases is { } cases
        ? string.Create(CultureInfo.InvariantCulture, $"{Floor.Name}, {FloorAccuracy * 100:0.0} % on the same {cases:#,0} cases")
        : Floor.ToString();

    private string Evidence => string.Create(
        CultureInfo.InvariantCulture,
        $"{PairText.Points(Difference.Difference)} points of question accuracy against {FloorOnCovered} (95 % interval {PairText.Ends(Difference)})");
}
