using LiveClin.Core.Reviews;
using LiveClin.Stats.Controls;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Tests.Controls;

/// <summary>What reviewers leave of none-of-the-above, and the score without keys that they found wrong.</summary>
public sealed class ReviewedControlTests
{
    private static readonly ResultSet Set = ControlSets.WithChanged(
        ControlSets.Make([2, 2, 1], ("published", ["11", "10", "1"]), ("none-of-the-above", ["10", "00", "1"])),
        "none-of-the-above", [true, true, true, false, true]);

    [Fact]
    public void Unreviewed_figures_are_marked_and_stand_on_all_changed_questions()
    {
        var effect = Assert.Single(Controls().Effects);
        Assert.Equal((new Ratio(2, 4), new ReviewedCondition(4, 0, 0)), (effect.Questions, effect.Review));
        Assert.EndsWith("Unreviewed: whether these questions hold without their right option, nobody has said yet.", ControlText.Of(effect),
            StringComparison.Ordinal);
        Assert.Null(Assert.Single(ControlSets.Controls(ControlSets.Make([1, 1], ("published", ["1", "1"]), ("no-case", ["1", "0"])))
            .Effects).Review);
    }

    [Fact]
    public void A_review_restricts_questions_to_those_that_hold_and_cases_to_those_without_others()
    {
        // Of the first case both hold, of the second the changed one does not, of the third nobody has said anything.
        var controls = Controls(Says(0, 0, true), Says(0, 1, true), Says(1, 0, false));
        var effect = Assert.Single(controls.Effects);
        Assert.Equal(new ReviewedCondition(4, 3, 2), effect.Review);
        Assert.Equal((new Ratio(2, 2), new Ratio(1, 2)), (effect.PublishedQuestions, effect.Questions));
        Assert.Equal((new Ratio(1, 1), new Ratio(0, 1)), (effect.PublishedCases, effect.Cases));
        Assert.Contains("Reviewed: 3 of 4 changed questions, of which 2 hold", ControlText.Of(effect), StringComparison.Ordinal);
        Assert.Null(controls.WithoutWrongKeys);
    }

    [Fact]
    public void Keys_found_wrong_make_a_second_score_and_leave_the_published_one_as_it_is()
    {
        var controls = Controls(Says(1, 1, false) with { Topic = ReviewTopic.Key }, Says(0, 0, true) with { Topic = ReviewTopic.Key });
        Assert.Equal(new ScoreWithoutWrongKeys(1, new Ratio(4, 4), new Ratio(3, 3)), controls.WithoutWrongKeys);
        Assert.Equal((new Ratio(2, 3), 0.8), (controls.Cases, controls.Questions.Mean));
        Assert.Contains(
            "Without the 1 question whose key reviewers found wrong: 3/3 (100.0 %) of the cases, 4/4 (100.0 %) of the questions. The published score stays as it is.",
            ControlText.Sentences(controls));
        Assert.Equal(0, controls.Effects[0].Review!.Reviewed); // another topic
    }

    [Fact]
    public void A_review_under_way_leaves_the_questions_to_test_where_no_case_is_whole()
    {
        var set = ControlSets.WithChanged(
            ControlSets.Make([2, 2, 2], ("published", ["11", "11", "11"]), ("none-of-the-above", ["00", "00", "01"])),
            "none-of-the-above", [true, true, true, true, true, true]);
        var controls = ModelControls.Of(set, set.Models[0], [set.Models[1]],
            verdicts: [Says(0, 0, true), Says(1, 0, true), Says(2, 0, true)]);
        var effect = Assert.Single(controls.Effects);
        Assert.Equal((true, false, 1), (effect.IsTested, effect.AreCasesTested, controls.Tests));
        Assert.Equal((0.25, 1), (effect.AdjustedQuestionP, effect.AdjustedCaseP)); // three of three signs, both ways
        Assert.DoesNotContain("too little to test", ControlText.Of(effect), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_about_which_reviewers_disagree_is_not_found_wrong()
    {
        var holds = Says(1, 1, true) with { Topic = ReviewTopic.Key };
        Assert.Null(Controls(holds, holds with { By = "b", Holds = false }).WithoutWrongKeys);
        Assert.Equal(1, Controls(holds, holds with { By = "b", Holds = false }, holds with { By = "c", Holds = false })
            .WithoutWrongKeys!.Removed);
    }

    private static Verdict Says(int ordinal, int question, bool holds) =>
        new(ReviewTopic.NoneOfTheAbove, ordinal, question, holds, "a", new DateTimeOffset(2026, 11, 29, 0, 0, 0, TimeSpan.Zero));

    private static ModelControls Controls(params Verdict[] verdicts) =>
        ModelControls.Of(Set, Set.Models[0], [Set.Models[1]], verdicts: verdicts);
}
