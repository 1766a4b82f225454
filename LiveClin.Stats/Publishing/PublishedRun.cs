using LiveClin.Core.Cases;
using LiveClin.Core.Exchange;
using LiveClin.Core.Results;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Publishing;

/// <summary>
/// A run with what other people's collections want to know of it. Its numbers are those of the first epoch, over the cases that have
/// every reply.
/// </summary>
internal sealed record PublishedRun
{
    /// <summary>The run.</summary>
    public required RunInfo Run { get; init; }

    /// <summary>Its label.</summary>
    public required string Label { get; init; }

    /// <summary>How far it is.</summary>
    public required RunTally Tally { get; init; }

    /// <summary>Its first epoch.</summary>
    public required RunResults Results { get; init; }

    /// <summary>Cases of which every question has a reply.</summary>
    public required IReadOnlyList<Case> Answered { get; init; }

    /// <summary>Those of them with every question right.</summary>
    public required Ratio Cases { get; init; }

    /// <summary>Their questions that are right.</summary>
    public required Ratio Questions { get; init; }

    /// <summary>Question accuracy with the standard error clustered by case.</summary>
    public required ClusteredMean QuestionMean { get; init; }

    /// <summary>
    /// True when it says all there is to say of a model on its release: every case, every question with a reply, as published.
    /// </summary>
    public bool IsWhole => Tally is { IsComplete: true, IsPartial: false } && Run.Specification.Condition == RunSpecification.Published;

    /// <summary>Reads a run.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public static PublishedRun Read(ResultStore store, RunInfo run, string label)
    {
        var results = RunResults.Load(store, run);
        var answered = results.Release.Cases.Where(clinicalCase => clinicalCase.Questions.Length > 0
            && clinicalCase.Questions.All(question => results.Find(clinicalCase, question) is { Reply: not null })).ToList();
        var shares = answered.ConvertAll(clinicalCase => new Ratio(
            clinicalCase.Questions.Count(question => results.Find(clinicalCase, question)!.IsCorrect), clinicalCase.Questions.Length));
        return new PublishedRun
        {
            Run = run,
            Label = label,
            Tally = store.Tally(run),
            Results = results,
            Answered = answered,
            Cases = new Ratio(shares.Count(share => share.Count == share.Total), shares.Count),
            Questions = new Ratio(shares.Sum(share => share.Count), shares.Sum(share => share.Total)),
            QuestionMean = ClusteredMean.Estimate(shares),
        };
    }
}
