using LiveClin.Stats.Comparison;

namespace LiveClin.Stats.Tests.Comparison;

public class TestStatisticsTests
{
    private static readonly int[] First = [3, 5, 4, 2, 5, 1, 4, 4, 5, 0];
    private static readonly int[] Second = [2, 4, 4, 3, 3, 1, 2, 4, 3, 1];
    private static readonly int[] Totals = [5, 5, 4, 4, 6, 3, 5, 4, 5, 4];

    // SciPy 1.10: scipy.stats.binomtest(b, b + c).pvalue.
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(5, 1, 0.21875)]
    [InlineData(3, 12, 0.03515625)]
    [InlineData(7, 7, 1)]
    [InlineData(60, 100, 0.001953728034064355)]
    public void McNemar_equals_scipy(int onlyFirst, int onlySecond, double expected) =>
        Assert.Equal(expected, McNemar.Exact(onlyFirst, onlySecond), 1e-12);

    // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") gives 0.03 0.06 0.06 0.02.
    [Fact]
    public void Holm_equals_r()
    {
        Assert.Equal([0.03, 0.06, 0.06, 0.02], Holm.Adjust([0.01, 0.04, 0.03, 0.005]).Select(p => Math.Round(p, 12)));
        Assert.Empty(Holm.Adjust([]));
        Assert.Equal([1.0, 1.0], Holm.Adjust([0.9, 0.6]));
    }

    // SciPy 1.10: d = first - second without zeros; permutation_test((d,), numpy.sum, permutation_type='samples', n_resamples=inf).pvalue.
    [Fact]
    public void The_permutation_test_is_exact_on_few_cases() => Assert.Equal(0.21875, SignFlipTest.Pair(First, Second), 12);

    [Fact]
    public void Sampled_exchanges_come_close_to_the_exact_value()
    {
        // 20 cases that differ by one each, 15 to 5: the exact p-value is binomtest(5, 20).pvalue = 0.04138946533203125.
        int[] first = [.. Enumerable.Range(0, 20).Select(i => i < 15 ? 1 : 0)], second = [.. first.Select(x => 1 - x)];
        Assert.Equal(0.04138946533203125, SignFlipTest.Pair(first, second, 200_000), 0.002);
        Assert.Equal(SignFlipTest.Pair(first, second), SignFlipTest.Pair(second, first));
        Assert.Equal(1, SignFlipTest.Pair(first, first));
    }

    // NumPy: d = first - second, N = 45, D = sum(d)/N, se = sqrt(sum((d - tot*D)**2) * 10/9)/N, t.ppf(.975, 9), (norm.ppf(.975) +
    // norm.ppf(.8)) * se.
    [Fact]
    public void The_paired_difference_equals_the_sandwich()
    {
        var paired = PairedDifference.Estimate([.. First.Select(x => (double)x)], [.. Second.Select(x => (double)x)], Totals);
        Assert.Equal(0.13333333333333333, paired.Difference, 14);
        Assert.Equal(0.07643959534178509, paired.StandardError, 14);
        Assert.Equal(-0.03958504478610872, paired.Interval().Low, 1e-10);
        Assert.Equal(0.3062517114527754, paired.Interval().High, 1e-10);
        Assert.Equal(0.214152040388082, paired.MinimumDetectable(), 1e-8);
    }

    // 200 comparisons of equally good models: 10 false positives are expected at 5 %; 10 + 3 standard errors are 19.
    [Fact]
    public void False_positives_stay_at_the_level_of_the_tests()
    {
        int caseTests = 0, questionTests = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var set = SyntheticSets.Simulated(120, 0.3, seed, 0.7, 0.7);
            bool[] first = [.. set.Cases.Select(set.Models[0].IsCaseCorrect)], second = [.. set.Cases.Select(set.Models[1].IsCaseCorrect)];
            if (McNemar.Exact(first.Zip(second).Count(p => p.First && !p.Second),
                first.Zip(second).Count(p => !p.First && p.Second)) <= 0.05) caseTests++;
            if (SignFlipTest.Pair([.. set.Cases.Select(set.Models[0].CorrectIn)], [.. set.Cases.Select(set.Models[1].CorrectIn)],
                999) <= 0.05) questionTests++;
        }

        Assert.InRange(caseTests, 0, 19);
        Assert.InRange(questionTests, 1, 19);
    }
}
