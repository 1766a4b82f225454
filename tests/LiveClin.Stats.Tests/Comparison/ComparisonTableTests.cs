using LiveClin.Stats.Comparison;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Service;

namespace LiveClin.Stats.Tests.Comparison;

public class ComparisonTableTests
{
    [Fact]
    public void Strong_and_weak_models_are_told_apart_and_equal_ones_are_not()
    {
        var set = SyntheticSets.Simulated(400, 0.2, seed: 5, 0.5, 0.8, 0.81);
        var table = ComparisonTable.Of(set);
        Assert.Equal("m0", table.Models[2].Model);
        Assert.Equal([["m1", "m2"], ["m0"]], table.Groups.Select(g => g.Order().ToArray()).ToArray());
        Assert.Equal(new RankInterval(3, 3), table.Ranks[2]);
        Assert.Equal(1, table.Ranks.Min(r => r!.Best));
        var weak = table.Pairs.Single(p => p.Second == "m0" && p.First == "m2");
        Assert.StartsWith("m2 is better than m0: +", weak.Conclusion, StringComparison.Ordinal);
        Assert.EndsWith("Holm over the 6 tests of 3 pairs.", weak.Conclusion, StringComparison.Ordinal);
        var even = table.Pairs.Single(p => p.Second != "m0");
        Assert.Contains("cannot be told apart", even.Conclusion, StringComparison.Ordinal);
        Assert.Equal(Holm.Adjust([.. table.Pairs.SelectMany(p => new[] { p.CaseP, p.QuestionP })]),
            table.Pairs.SelectMany(p => new[] { p.AdjustedCaseP, p.AdjustedQuestionP }));
    }

    [Fact]
    public void A_pair_is_the_same_in_whatever_order_it_is_named()
    {
        var set = SyntheticSets.Simulated(40, 0.2, seed: 3, 0.5, 0.6);
        var (one, other) = (Comparisons.Two(set, set.Models[0], set.Models[1]), Comparisons.Two(set, set.Models[1], set.Models[0]));
        Assert.Equal(one with { OnlyFirst = [], OnlySecond = [] }, other with { OnlyFirst = [], OnlySecond = [] });
        Assert.Equal(one.OnlyFirst, other.OnlyFirst);
        Assert.Equal(one.OnlySecond, other.OnlySecond);
        Assert.True(one.Cases.Difference >= 0);
        Assert.Equal(one.Conclusion, ComparisonTable.Of(set).Pairs.Single().Conclusion);
    }

    // The pair that shares no case makes no test: the other two pairs are corrected over four.
    [Fact]
    public void Pairs_that_cannot_be_tested_do_not_count()
    {
        var set = SyntheticSets.Counts([2, 2, 2, 2], ("a", [2, 2, 2, 1]), ("b", [0, 2, null, null]), ("c", [null, null, 1, 0]));
        var pairs = ComparisonTable.Of(set).Pairs;
        Assert.All(pairs, p => Assert.Equal(new TestFamily(2), p.Family));
        Assert.Equal(1, pairs.Single(p => !p.IsTested).AdjustedCaseP);
    }

    [Fact]
    public void Models_with_different_cases_are_compared_on_those_they_share()
    {
        var set = SyntheticSets.Counts([2, 2, 2], ("a", [2, 2, 0]), ("b", [0, 2, null]), ("c", [null, null, 1]));
        var pairs = ComparisonTable.Of(set).Pairs;
        var shared = pairs.Single(p => p is { First: "a", Second: "b" } or { First: "b", Second: "a" });
        Assert.Equal((2, 1), (shared.SharedCases, shared.OnlyFirst.Length + shared.OnlySecond.Length));
        var none = pairs.Single(p => (p.First, p.Second) is ("b", "c") or ("c", "b"));
        Assert.Equal((0, 1.0), (none.SharedCases, none.CaseP));
        Assert.Contains("share no cases", none.Conclusion, StringComparison.Ordinal);
        Assert.Contains("do not cover the same cases", Assert.Single(set.Notes), StringComparison.Ordinal);
    }

    // b's only case is in a resample with probability 1 − (3/4)⁴ = 0.68: where it is not, b could stand anywhere, and so could a and c,
    // which always tie.
    [Fact]
    public void Ranks_are_open_where_models_tie_or_have_no_case_and_baselines_take_none()
    {
        var set = SyntheticSets.Counts([2, 2, 2, 2], ("a", [2, 2, 2, 2]), ("b", [0, null, null, null]), ("c", [2, 2, 2, 2]),
            ("floor", [2, 2, 2, 2]));
        set = new ResultSet(set.Release, null, set.Cases,
            [.. set.Models.Select(m => m with { ApiId = m.Model == "floor" ? "baseline/floor" : null })], []);
        var table = ComparisonTable.Of(set);
        var ranks = table.Models.Zip(table.Ranks).ToDictionary(p => p.First.Model, p => p.Second);
        Assert.Equal(new RankInterval(1, 3), ranks["a"]);
        Assert.Equal(ranks["a"], ranks["c"]);
        Assert.Equal(new RankInterval(1, 3), ranks["b"]);
        Assert.Null(ranks["floor"]);
    }

    [Fact]
    public void One_model_or_none_gives_an_empty_table()
    {
        Assert.Empty(ComparisonTable.Of(SyntheticSets.Counts([2], ("a", [1]))).Pairs);
        Assert.Empty(ComparisonTable.Of(SyntheticSets.Counts([2])).Groups);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_choice_of_models_is_compared_alike_before_and_after_all_of_them_were(bool isPartial)
    {
        var (alone, after) = (Choice(isFirst: true), Choice(isFirst: false));
        Assert.Equal(alone, after);
        Assert.Equal(isPartial ? 1 : 3, alone.Pairs.Count);

        V1.CompareModelsResponse Choice(bool isFirst)
        {
            int?[] most = [3, 4, 1, 0, 2, 4, 3, 1, 2, 4], some = [1, 4, 3, 0, 0, 4, 2, 1, 0, 3];
            var set = SyntheticSets.Counts(
                [4, 4, 4, 4, 4, 4, 4, 4, 4, 4],
                ("a", most), ("b", some), ("c", [.. most.Reverse()]), ("d", isPartial ? [.. some.Take(7), null, null, null] : [.. some.Reverse()]));
            if (!isFirst) _ = ComparisonTable.Of(set);
            return AnalysisMapping.ToMessage(set.WithModels(model => isPartial ? model.Model is "b" or "d" : model.Model != "b"), []);
        }
    }
}
