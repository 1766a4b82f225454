using LiveClin.Core.Reviews;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Controls;

/// <summary>
/// The published score once more without the questions whose key reviewers found wrong. It stands beside the published score and changes
/// nothing.
/// </summary>
/// <param name="Removed">Questions left out, of those that the model was asked.</param>
/// <param name="Questions">Questions right of the others.</param>
/// <param name="Cases">Cases right in all other questions, of those that have any.</param>
public sealed record ScoreWithoutWrongKeys(int Removed, Ratio Questions, Ratio Cases)
{
    /// <summary>Null where reviewers found no key wrong.</summary>
    internal static ScoreWithoutWrongKeys? Of(ResultSet set, ModelResults model, IReadOnlyList<Verdict> verdicts)
    {
        var review = Review.Of(ReviewTopic.Key, verdicts);
        if (review.FoundWrong == 0) return null;
        int removed = 0, right = 0, asked = 0, rightCases = 0, cases = 0;
        foreach (var clinicalCase in set.Cases.Where(clinicalCase => model.Covers[clinicalCase.Index]))
        {
            var left = clinicalCase.Questions.Where(question => !review.IsFoundWrong(clinicalCase.Index, question.Index)).ToList();
            var correct = left.Count(question => model.Answers[clinicalCase.FirstQuestion + question.Index].IsCorrect);
            (removed, asked, right) = (removed + clinicalCase.Questions.Length - left.Count, asked + left.Count, right + correct);
            if (left.Count == 0) continue;
            cases++;
            if (correct == left.Count) rightCases++;
        }

        return removed == 0 ? null : new ScoreWithoutWrongKeys(removed, new Ratio(right, asked), new Ratio(rightCases, cases));
    }
}
