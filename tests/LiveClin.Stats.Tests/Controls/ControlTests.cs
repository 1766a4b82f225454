using LiveClin.Core.Answers;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.Controls;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Tests.Controls;

/// <summary>The statistics of controls against closed forms and cases small enough to count by hand.</summary>
public sealed class ControlTests
{
    // The published table of exact McNemar tests, to the last digit given.
    [Theory]
    [InlineData(43, 33, "0.3019")]
    [InlineData(16, 44, "0.0004")]
    [InlineData(18, 37, "0.0145")]
    [InlineData(29, 20, "0.2529")]
    [InlineData(18, 7, "0.0433")]
    [InlineData(19, 8, "0.0522")]
    [InlineData(12, 21, "0.1628")]
    public void The_case_test_of_an_effect_is_the_exact_one(int lost, int gained, string expected)
    {
        var cases = new int[lost + gained + 30].Select(_ => 1).ToArray();
        var set = ControlSets.Make(cases,
            ("published", [.. Enumerable.Repeat("1", lost), .. Enumerable.Repeat("0", gained), .. Enumerable.Repeat("1", 30)]),
            ("no-case", [.. Enumerable.Repeat("0", lost), .. Enumerable.Repeat("1", gained), .. Enumerable.Repeat("1", 30)]));
        var effect = Assert.Single(ControlSets.Controls(set).Effects);
        Assert.Equal(expected, effect.CaseP.ToString("F4", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal((lost, gained), (effect.Lost, effect.Gained));
        Assert.Equal(new Ratio(lost + 30, cases.Length), effect.PublishedCases);
        Assert.Equal(new Ratio(gained + 30, cases.Length), effect.Cases);
    }

    [Fact]
    public void Question_figures_stand_on_changed_questions_and_case_figures_on_asked_cases()
    {
        // Three cases; the second is not asked, and of the third only the last question is changed.
        var set = ControlSets.Make([2, 2, 3], ("published", ["11", "11", "101"]), ("no-images", ["10", null, "110"]));
        set = ControlSets.WithChanged(set, "no-images", [true, true, false, false, false, false, true]);
        var effect = Assert.Single(ControlSets.Controls(set).Effects);
        Assert.Equal((new Ratio(3, 3), new Ratio(1, 3)), (effect.PublishedQuestions, effect.Questions));
        Assert.Equal((new Ratio(1, 2), new Ratio(0, 2)), (effect.PublishedCases, effect.Cases));
        Assert.Equal((2, 0, 2), (effect.Lost, effect.Gained, effect.OtherChoice));
        Assert.Equal(-2.0 / 3, effect.QuestionDifference.Difference, 12);
        // Cases 1 and 3 with differences −1 of 2 and −1 of 1: deviations 1/3 and −1/3, times 2/1, over 3.
        Assert.Equal(Math.Sqrt((1.0 / 9 + 1.0 / 9) * 2) / 3, effect.QuestionDifference.StandardError, 12);
        // Both sign patterns of two equal differences reach the sum in two of four.
        Assert.Equal(0.5, effect.QuestionP, 12);
    }

    [Fact]
    public void All_tests_of_a_model_are_one_family()
    {
        var count = 40;
        var published = Enumerable.Range(0, count).Select(_ => "1").ToArray();
        var set = ControlSets.Make([.. published.Select(_ => 1)],
            ("published", published),
            ("no-case", [.. published.Select((_, i) => i < 12 ? "0" : "1")]),
            ("choices-only", [.. published.Select((_, i) => i < 3 ? "0" : "1")]),
            ("single-turn", [.. published]));
        var controls = ControlSets.Controls(set);
        Assert.Equal(6, controls.Tests);
        Assert.Equal(["no-case", "choices-only", "single-turn"], controls.Effects.Select(effect => effect.Condition));
        var raw = controls.Effects.SelectMany(effect => (double[])[effect.CaseP, effect.QuestionP]).ToArray();
        Assert.Equal(Holm.Adjust(raw), controls.Effects.SelectMany(effect => (double[])[effect.AdjustedCaseP, effect.AdjustedQuestionP]));
        foreach (var (expected, test) in ((double, int)[])[(2 * Math.Pow(0.5, 12), 0), (2 * Math.Pow(0.5, 3), 2), (1, 4)])
            Assert.Equal(expected, raw[test], 12);
        Assert.Equal([true, false, false], controls.Effects.Select(effect => effect.IsTold));
    }

    [Fact]
    public void The_mirage_score_is_what_stays_of_the_accuracy_without_the_images()
    {
        var set = ControlSets.Make([4, 4, 4, 4], ("published", ["1111", "1110", "1100", "1111"]),
            ("no-images", ["1110", "1100", "1100", "1010"]));
        var mirage = Assert.Single(ControlSets.Controls(set).Mirage);
        Assert.Equal(("no-images", 9.0 / 13), (mirage.Condition, mirage.Value));
        Assert.Equal(new Ratio(4, 16), mirage.OtherChoice);
        Assert.InRange(mirage.Value, mirage.Interval.Low, mirage.Interval.High);
        Assert.InRange(mirage.Interval.High, mirage.Value, 1);
        // Where every case keeps the same share, no draw of cases gives another one: there is no spread to judge from.
        var even = ControlSets.Make([2, 2, 2], ("published", ["11", "11", "11"]), ("no-images", ["10", "10", "10"]));
        var score = Assert.Single(ControlSets.Controls(even).Mirage);
        Assert.Equal((0.5, true), (score.Value, double.IsNaN(score.Interval.Low)));
    }

    [Fact]
    public void The_bootstrap_of_a_ratio_agrees_with_the_delta_method()
    {
        var random = new Random(3);
        int[] with = [.. Enumerable.Range(0, 400).Select(_ => random.Next(2, 6))],
        without = [.. with.Select(x => Enumerable.Range(0, x).Count(_ => random.NextDouble() < 0.7))];
        var ratio = (double)without.Sum() / with.Sum();
        var error = Math.Sqrt(with.Zip(without).Sum(pair => Math.Pow(pair.Second - (ratio * pair.First), 2))) / with.Sum();
        var interval = SumBootstrap.Interval([without, with], sums => (double)sums[0] / sums[1]);
        Assert.Equal(ratio - (1.96 * error), interval.Low, 0.004);
        Assert.Equal(ratio + (1.96 * error), interval.High, 0.004);
        Assert.Equal(interval, SumBootstrap.Interval([without, with], sums => (double)sums[0] / sums[1]));
    }

    [Fact]
    public void Errors_are_counted_after_errors_and_after_right_answers_and_failures_are_neither()
    {
        var set = ControlSets.Make([4, 4, 3], ("published", ["1001", "0011", "1-0"]));
        var errors = ErrorPropagation.Of(set, set.Models[0]);
        // After wrong: 0→0, 0→1, 0→0, 0→1; after right: 1→0, 1→1; what has no reply pairs with nothing.
        Assert.Equal((new Ratio(2, 4), new Ratio(1, 2), 1.0), (errors.WrongAfterWrong, errors.WrongAfterRight, errors.Ratio));
    }

    [Fact]
    public void Orders_are_compared_on_the_options_and_recall_goes_by_the_letter_shown()
    {
        var set = ControlSets.Make([2, 2], ("published", ["11", "10"]), ("shuffled:1", ["10", "10"]), ("shuffled:2", ["11", "01"]));
        set = ControlSets.WithKeys(set, "shuffled:1", "BACB");
        var order = ControlSets.Controls(set).Order!;
        Assert.Equal(["published", "shuffled:1", "shuffled:2"], order.Orders.Select(each => each.Condition));
        Assert.Equal((new Ratio(1, 4), new Ratio(4, 4)), (order.RightInAll, order.RightInAny));
        Assert.Equal(new Ratio(1, 4), order.Consistent);
        var shuffled = order.Orders[1];
        Assert.Equal([('A', new Ratio(0, 1)), ('B', new Ratio(1, 2)), ('C', new Ratio(1, 1))],
            shuffled.Letters.Select(letter => (letter.Key, letter.Value)));
        Assert.Equal(Math.Sqrt(1.0 / 6), shuffled.Spread, 12); // of 0, ½ and 1
        Assert.Equal(0, order.Orders[0].Spread);
    }

    [Fact]
    public void A_letter_that_no_option_has_is_no_choice_that_could_be_the_same()
    {
        var set = ControlSets.Make([2], ("published", ["11"]), ("shuffled:1", ["11"]));
        set = new ResultSet(set.Release, set.ReleaseSha256, set.Cases, [.. set.Models.Select(model => model with
        {
            Answers = [.. model.Answers.Select((answer, i) => i == 0 ? answer with { Letter = 'J', Outcome = Outcome.Wrong } : answer)],
        })], []);
        Assert.Equal(new Ratio(1, 2), ControlSets.Controls(set).Order!.Consistent);
    }

    [Fact]
    public void Options_with_the_same_text_are_the_same_choice()
    {
        var set = ControlSets.Make([1], ("published", ["0"]), ("shuffled:1", ["0"]));
        var clinicalCase = set.Cases[0];
        ResultSet With(string same) => new(set.Release, set.ReleaseSha256,
            [clinicalCase with { Questions =
                [clinicalCase.Questions[0] with { SameText = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("C",
                same) }] }],
            [.. set.Models.Select((model, i) => model with { Answers = [model.Answers[0] with { Letter = i == 0 ? 'B' : 'C' }] })], []);
        Assert.Equal(new Ratio(1, 1), ControlSets.Controls(With("B")).Order!.Consistent);
        Assert.Equal(new Ratio(0, 1), ControlSets.Controls(With("A")).Order!.Consistent);
    }

    [Fact]
    public void Gold_history_stands_beside_independence_on_the_cases_that_it_asks()
    {
        var set = ControlSets.Make([2, 2, 1], ("published", ["11", "00", "1"]), ("gold-history", ["11", "01", null]));
        var history = ControlSets.Controls(set).History!;
        Assert.Equal((new Ratio(1, 2), new Ratio(1, 2)), (history.Published, history.Gold));
        Assert.Equal((0.25, 0.5), (history.PublishedIfIndependent, history.GoldIfIndependent));
    }

    [Fact]
    public void The_recency_gap_is_a_difference_of_two_groups_of_cases_with_welchs_interval()
    {
        var set = ControlSets.Make([2, 2, 2, 2, 2], ("published", ["11", "10", "11", "00", "10"]));
        var dates = new Dictionary<string, DateOnly>
        {
            ["0"] = new(2024, 1, 1), ["1"] = new(2024, 6, 30), ["2"] = new(2024, 12, 31), ["3"] = new(2025, 1, 1),
        };
        var gap = RecencyGap.Of(set, set.Models[0], dates, new DateOnly(2024, 12, 31));
        Assert.Equal((5.0 / 6, 0.0, 1, 3, 1), (gap.Before.Mean, gap.After.Mean, gap.Undated, gap.Before.Clusters, gap.After.Clusters));
        Assert.True(double.IsNaN(gap.Interval().Low)); // one case is no group
        dates["4"] = new DateOnly(2025, 2, 1);
        gap = RecencyGap.Of(set, set.Models[0], dates, new DateOnly(2024, 12, 31));
        double before = 1.0 / 36, after = 1.0 / 16; // squared standard errors: deviations (⅓, −⅔, ⅓)·3/2/36 and (−½, ½)·2/1/16
        Assert.Equal((Math.Sqrt(before), Math.Sqrt(after)), (gap.Before.StandardError, gap.After.StandardError));
        var freedom = Math.Pow(before + after, 2) / ((before * before / 2) + (after * after / 1));
        var half = MathNet.Numerics.Distributions.StudentT.InvCDF(0, 1, freedom, 0.975) * Math.Sqrt(before + after);
        Assert.Equal(Math.Min(1, 0.25 - 5.0 / 6 + half), gap.Interval().High, 12);
    }

    [Theory]
    [InlineData("2024-11-20", "2024-11-20")]
    [InlineData("2024-02", "2024-02-29")]
    [InlineData("2023", "2023-12-31")]
    [InlineData("soon", null)]
    public void A_date_without_its_day_is_the_last_one(string text, string? date) =>
        Assert.Equal(date, PublicationDates.Parse(text)?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>Small sets of a model under conditions: a text of right (1), wrong (0) and missing (-) answers for each case.</summary>
internal static class ControlSets
{
    public static ResultSet Make(int[] questions, params (string Condition, string?[] Answers)[] models)
    {
        var builder = new ResultSetBuilder("controls");
        var cases = questions.Select((count, index) => builder.AddCase(new CaseFacts
        {
            Id = $"{index}", FileName = $"PMC{index}.json",
            Questions = [.. Enumerable.Range(0, count).Select(i => new QuestionFacts { Index = i, Key = "A", Letters = ["A", "B", "C"] })],
        })).ToList();
        foreach (var (condition, answers) in models)
        {
            var model = builder.AddModel(condition);
            model.Condition = condition;
            foreach (var clinicalCase in cases)
            {
                if (answers[clinicalCase.Index] is not { } text) continue;
                var given = model.Cover(clinicalCase);
                for (var i = 0; i < text.Length; i++)
                    given[i] = text[i] == '-' ? AnswerFacts.NotRun with { Outcome = Outcome.Failed } : SyntheticSets.Answer(text[i] == '1');
            }
        }

        return builder.Build();
    }

    public static ModelControls Controls(ResultSet set) =>
        ModelControls.Of(set, set.Models.Single(model => model.Condition == "published"),
            set.Models.Where(model => model.Condition != "published"));

    public static ResultSet WithChanged(ResultSet set, string condition, bool[] changed) =>
        With(set, condition, new ConditionFacts([.. changed], [.. changed.Select(_ => 'A')]));

    public static ResultSet WithKeys(ResultSet set, string condition, string keys) =>
        With(set, condition, new ConditionFacts([.. keys.Select(_ => true)], [.. keys]));

    private static ResultSet With(ResultSet set, string condition, ConditionFacts asked) => new(
        set.Release, set.ReleaseSha256, set.Cases,
        [.. set.Models.Select(model => model.Condition == condition ? model with { Asked = asked } : model)], set.Notes);
}
