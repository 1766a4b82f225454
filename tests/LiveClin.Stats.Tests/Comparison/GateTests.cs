using LiveClin.Stats.Comparison;

namespace LiveClin.Stats.Tests.Comparison;

public class GateTests
{
    private static readonly Gate Plain = new();

    [Fact]
    public void A_candidate_that_a_corrected_test_shows_to_be_worse_is_worse_and_its_baseline_is_not()
    {
        var pair = Pair([.. Enumerable.Repeat<int?>(1, 12)], [.. Enumerable.Repeat<int?>(0, 12)]);
        Assert.Equal((Verdict.Worse, "a corrected test shows it to be worse on whole cases and questions."),
            (Plain.Judge(pair, "b").Verdict, Plain.Judge(pair, "b").Reason));
        Assert.Equal(Verdict.NotWorse, Plain.Judge(pair, "a").Verdict);
    }

    [Fact]
    public void Without_a_margin_only_a_test_fails_a_candidate() =>
        Assert.Equal(Verdict.NotWorse, Plain.Judge(Pair([1, 1, 1, 0], [0, 0, 1, 1]), "b").Verdict);

    // 100 cases; one is right with a only, one with b only: the interval is ±2.8 points.
    [Theory]
    [InlineData(3.0, Verdict.NotWorse)]
    [InlineData(2.5, Verdict.Inconclusive)]
    public void A_margin_passes_what_is_shown_to_be_at_most_that_much_worse(double points, Verdict expected)
    {
        var pair = Pair([.. Enumerable.Range(0, 100).Select(i => i == 0 ? 0 : (int?)1)],
            [.. Enumerable.Range(0, 100).Select(i => i == 1 ? 0 : (int?)1)]);
        Assert.Equal(-0.0282, pair.Cases.Interval().Low, 4);
        Assert.Equal(expected, new Gate(points / 100).Judge(pair, "a").Verdict);
        Assert.Equal(expected, new Gate(points / 100).Judge(pair, "b").Verdict);
    }

    // 20 of 200 cases lost: significant, and beyond a margin of 2 points; a margin of 20 points allows it.
    [Theory]
    [InlineData(0.02, Verdict.Worse)]
    [InlineData(0.2, Verdict.NotWorse)]
    public void Worse_beyond_the_margin_is_worse(double margin, Verdict expected) => Assert.Equal(
        expected, new Gate(margin)
            .Judge(Pair([.. Enumerable.Repeat<int?>(1, 200)], [.. Enumerable.Range(0, 200).Select(i => i < 20 ? 0 : (int?)1)]), "b")
            .Verdict);

    // Equal on all n cases: at 97.5 % a case that differs is at most 1 − 0.025^(1/n) of them: 3.6 % of 100, 30.8 % of 10.
    [Theory]
    [InlineData(100, 0.04, Verdict.NotWorse)]
    [InlineData(100, 0.03, Verdict.Inconclusive)]
    [InlineData(10, 0.3, Verdict.Inconclusive)]
    [InlineData(10, 0.31, Verdict.NotWorse)]
    public void Equal_results_prove_as_much_as_there_are_cases(int cases, double margin, Verdict expected) => Assert.Equal(
        expected, new Gate(margin).Judge(Pair([.. Enumerable.Repeat<int?>(1, cases)], [.. Enumerable.Repeat<int?>(1, cases)]), "b")
            .Verdict);

    [Fact]
    public void Too_few_cases_conclude_nothing_whatever_they_show()
    {
        var pair = Pair([.. Enumerable.Repeat<int?>(1, 12)], [.. Enumerable.Repeat<int?>(0, 12)]);
        Assert.Equal(new GateResult(Verdict.Inconclusive, "12 shared cases are fewer than the 13 asked for."),
            new Gate(null, 13).Judge(pair, "b"));
        Assert.Equal(Verdict.Worse, new Gate(null, 12).Judge(pair, "b").Verdict);
        Assert.Equal(Verdict.Inconclusive, Plain.Judge(Pair([1], [0]), "b").Verdict);
    }

    private static ModelComparison Pair(int?[] a, int?[] b)
    {
        var set = SyntheticSets.Counts([.. a.Select(_ => 1)], ("a", a), ("b", b));
        return Comparisons.Two(set, set.Models[0], set.Models[1]);
    }
}
