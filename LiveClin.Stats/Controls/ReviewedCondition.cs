using System.Collections.Immutable;
using LiveClin.Core.Reviews;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Controls;

/// <summary>
/// What reviewers leave of a condition that makes questions of its own: without a right option another one may be right, which no program
/// can tell.
/// </summary>
/// <param name="Changed">Questions that the condition changes.</param>
/// <param name="Reviewed">Those of them that somebody has reviewed.</param>
/// <param name="Kept">Those of them that hold: once somebody has reviewed any, the figures stand on these.</param>
public sealed record ReviewedCondition(int Changed, int Reviewed, int Kept)
{
    private const string NoneOfTheAbove = "none-of-the-above";

    /// <summary>Half a sentence for wherever the condition's figures stand.</summary>
    public string Statement => Reviewed == 0
        ? "Unreviewed: whether these questions hold without their right option, nobody has said yet."
        : $"Reviewed: {Reviewed} of {Changed} changed questions, of which {Kept} hold; the figures stand on these and on cases without any other.";

    /// <summary>The results with what reviewers take out of the condition; as they are under conditions that need no review.</summary>
    /// <param name="set">The set, its cases in the order of the release.</param>
    /// <param name="model">Results under a condition.</param>
    /// <param name="verdicts">All verdicts on the release.</param>
    internal static ModelResults Apply(ResultSet set, ModelResults model, IReadOnlyList<Verdict> verdicts)
    {
        if (!model.Condition.Split('+').Contains(NoneOfTheAbove) || model.Asked is not { } asked) return model;
        var review = Review.Of(ReviewTopic.NoneOfTheAbove, verdicts);
        var changed = (from clinicalCase in set.Cases
                       where model.Covers[clinicalCase.Index]
                       from question in clinicalCase.Questions
                       let position = clinicalCase.FirstQuestion + question.Index
                       where asked.Changed[position]
                       select (Position: position, Holds: review.Holds(clinicalCase.Index, question.Index))).ToList();
        var kept = changed.Where(each => each.Holds == true).Select(each => each.Position).ToHashSet();
        var state = new ReviewedCondition(changed.Count, changed.Count(each => each.Holds is not null), kept.Count);
        ImmutableHashSet<int> excluded = state.Reviewed == 0
            ? [] : [.. changed.Select(each => each.Position).Where(position => !kept.Contains(position))];
        return model with { Asked = asked with { Excluded = excluded, Review = state } };
    }
}
