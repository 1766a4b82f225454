using LiveClin.Stats.Comparison;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Tests.Comparison;

public class ConclusionTests
{
    [Fact]
    public void One_case_or_none_says_nothing()
    {
        Assert.Equal("a and b share no cases; nothing can be said.", Of([2, 2], [1, null], [null, 1]));
        Assert.Equal("a and b share one case; nothing can be said.", Of([2], [2], [0]));
    }

    [Fact]
    public void Models_that_agree_are_not_said_to_differ() => Assert.Equal(
        "a and b cannot be told apart: their case accuracies are equal on 4 shared cases. They get the same cases right, so these cases do not tell how small a difference could be seen. "
        + "Cases: exact McNemar p = 1.0000, corrected 1.0000; questions: permutation of cases p = 1.0000, corrected 1.0000; Holm over the 2 tests of this pair.",
        Of([2, 2, 2, 2], [2, 1, 0, 2], [2, 1, 0, 2]));

    [Fact]
    public void Models_that_never_agree_are_not_said_to_agree() => Assert.Equal(
        "a and b cannot be told apart: +100.0 points of case accuracy on 3 shared cases may be chance. One gets every case right and the other none, but so few cases prove nothing. "
        + "Cases: exact McNemar p = 0.2500, corrected 0.5000; questions: permutation of cases p = 0.2500, corrected 0.5000; Holm over the 2 tests of this pair.",
        Of([2, 2, 2], [2, 2, 2], [0, 0, 0]));

    // The standard error is 0.577: what would be found four times in five is 162 points, more than there are.
    [Fact]
    public void A_difference_that_cannot_exist_is_never_promised() => Assert.Contains(
        "Not even a difference of 100 points could be seen with 3 cases.", Of([1, 1, 1], [1, 1, 0], [0, 0, 1]), StringComparison.Ordinal);

    // Each of 8 cases: a right as a whole, b wrong in one of two questions; in 8 others b has both, which a misses, so that questions are
    // even.
    [Fact]
    public void More_whole_cases_with_as_many_questions_is_told_from_the_better_side()
    {
        int?[] first = [.. Enumerable.Repeat<int?>(4, 9), .. Enumerable.Repeat<int?>(0, 3)], second = [.. Enumerable.Repeat<int?>(3, 12)];
        Assert.StartsWith("a gets more whole cases right than b: +75.0 points of case accuracy on 12 shared cases (95 % interval before correction ", Of([.. first.Select(_ => 4)], first, second), StringComparison.Ordinal);
        Assert.StartsWith("a gets more whole cases right than b: +75.0 points", Of([.. first.Select(_ => 4)], second, first, "b", "a"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_replies_are_said_and_a_model_without_any_is_not_judged()
    {
        var set = Unanswered(SyntheticSets.Counts([2, 2, 2], ("a", [2, 2, 2]), ("b", [0, 1, 2])), "b", 2);
        Assert.EndsWith(" b has no reply to 2 of 6 questions; they count as wrong here.", Of(set), StringComparison.Ordinal);
        Assert.Equal("b has not replied to any question of the 3 shared cases; nothing can be said.", Of(Unanswered(set, "b", 6)));
    }

    private static string Of(int[] questions, int?[] first, int?[] second, string firstName = "a", string secondName = "b") =>
        Of(SyntheticSets.Counts(questions, (firstName, first), (secondName, second)));

    private static string Of(ResultSet set) => Conclusion.Of(Comparisons.Two(set, set.Models[0], set.Models[1]));

    private static ResultSet Unanswered(ResultSet set, string model, int questions) => new(
        set.Release, null, set.Cases,
        [.. set.Models.Select(m => m.Model != model
        ? m : m with { Answers = [.. m.Answers.Select((a, i) => i < questions ? AnswerFacts.NotRun : a)] })], []);
}
