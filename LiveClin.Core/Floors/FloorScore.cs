using System.Collections.Immutable;
using LiveClin.Core.Cases;

namespace LiveClin.Core.Floors;

/// <summary>What a floor scores on a release.</summary>
/// <param name="Floor">The floor.</param>
/// <param name="CorrectQuestions">Questions that it gets right.</param>
/// <param name="Questions">All questions.</param>
/// <param name="CorrectCases">Cases of which it gets every question right.</param>
/// <param name="Cases">All cases.</param>
public sealed record FloorScore(Floor Floor, int CorrectQuestions, int Questions, int CorrectCases, int Cases)
{
    /// <summary>
    /// The floors of a release, computed from its cases alone: the best constant letter (by questions; a tie goes to the first letter),
    /// random, longest option, overlap.
    /// </summary>
    public static ImmutableArray<FloorScore> Of(IReadOnlyList<Case> cases) =>
        [Floor.Constant.Select(floor => Of(floor, cases)).MaxBy(score => score.CorrectQuestions)!,
            .. Floor.Looking.Select(floor => Of(floor, cases))];

    private static FloorScore Of(Floor floor, IReadOnlyList<Case> cases)
    {
        var right = cases.Select(clinicalCase => clinicalCase.Questions.Count(question => IsRight(floor, clinicalCase, question))).ToList();
        return new FloorScore(
            floor, right.Sum(), cases.Sum(clinicalCase => clinicalCase.Questions.Length),
            right.Where((count, i) => count > 0 && count == cases[i].Questions.Length).Count(), cases.Count);
    }

    private static bool IsRight(Floor floor, Case clinicalCase, Question question)
    {
        var letter = floor.Choose(new FloorQuestion(clinicalCase.Scenario, question.Text, question.Options)).ToUpperInvariant();
        return letter == question.Key && Floor.Letters.Contains(letter, StringComparison.Ordinal);
    }
}
