using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Tests.Uncertainty;

public class IntervalTests
{
    // SciPy 1.10: scipy.stats.binomtest(k, n).proportion_ci(0.95, method='wilson').
    [Theory]
    [InlineData(0, 10, 0.0, 0.27753279986288926)]
    [InlineData(1, 10, 0.017876213095072896, 0.4041500267952385)]
    [InlineData(4, 10, 0.16818032970623614, 0.6873262302663417)]
    [InlineData(10, 10, 0.7224672001371109, 1.0)]
    [InlineData(434, 1407, 0.2848736513230065, 0.33308483959733853)]
    [InlineData(5182, 6605, 0.7744783156749155, 0.7943051879727525)]
    public void Wilson_equals_scipy(int count, int total, double low, double high)
    {
        var interval = Wilson.Interval(new Ratio(count, total));
        Assert.Equal((low, high), (interval.Low, interval.High), Close);
    }

    [Fact]
    public void Without_trials_no_number_is_invented()
    {
        Assert.True(double.IsNaN(new Ratio(0, 0).Value));
        Assert.Equal(Interval.None, Wilson.Interval(new Ratio(0, 0)));
        Assert.Equal(Interval.None, ClusteredMean.Estimate([]).Interval());
        Assert.Equal(Interval.None, ClusteredMean.Estimate([new Ratio(1, 2)]).Interval());
    }

    // NumPy/SciPy 1.10 with corr = [3,5,4,2,5,1,4,4,5,0], tot = [5,5,4,4,6,3,5,4,5,4], G = 10, N = 45, m = sum(corr)/N:
    // se = sqrt(sum((corr - tot*m)**2) * G/(G-1)) / N; t.ppf(.975, G-1); design effect se²/(m(1-m)/N);
    // F = f_oneway(one 0/1 list per case).statistic, n0 = (N - sum(tot**2)/N)/(G-1), ICC = (F-1)/(F-1+n0).
    [Fact]
    public void Cases_that_do_not_differ_are_no_certainty()
    {
        var all = ClusteredMean.Estimate([.. Enumerable.Repeat(new Ratio(4, 4), 10)]);
        Assert.Equal(Wilson.Interval(new Ratio(10, 10)), all.Interval());
        Assert.Equal(Wilson.Interval(new Ratio(0, 10)), ClusteredMean.Estimate([.. Enumerable.Repeat(new Ratio(0, 4), 10)]).Interval());
        Assert.Equal(Interval.None, LiveClin.Stats.Comparison.PairedDifference.Estimate([1, 0, 1], [1, 0, 1], [1, 1, 1]).Interval());
    }

    [Fact]
    public void The_clustered_mean_equals_the_sandwich_and_the_analysis_of_variance()
    {
        int[] correct = [3, 5, 4, 2, 5, 1, 4, 4, 5, 0], totals = [5, 5, 4, 4, 6, 3, 5, 4, 5, 4];
        var mean = ClusteredMean.Estimate([.. correct.Zip(totals, (c, n) => new Ratio(c, n))]);
        Assert.Equal(0.7333333333333333, mean.Mean, 14);
        Assert.Equal(0.09844392113737183, mean.StandardError, 14);
        Assert.Equal(2.2300785634118965, mean.DesignEffect, 12);
        Assert.Equal(0.37722908093278457, mean.IntraCaseCorrelation, 12);
        Assert.Equal((0.5106377120041183, 0.9560289546625482), (mean.Interval().Low, mean.Interval().High), Close);
    }

    [Fact]
    public void Simulated_correlation_is_found_again()
    {
        var set = SyntheticSets.Simulated(4000, 0.3, seed: 1, 0.7);
        var mean = ClusteredMean.Estimate([.. set.Cases.Select(c => new Ratio(set.Models[0].CorrectIn(c), c.Questions.Length))]);
        Assert.InRange(mean.IntraCaseCorrelation, 0.27, 0.33);
        Assert.True(mean.DesignEffect > 1.8);
    }

    // 300 simulated benchmarks: at 95 % coverage 285 are expected, with a standard deviation of 3.8; the bounds are about ±4 of these.
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.4)]
    public void The_clustered_interval_covers_the_truth(double correlation)
    {
        var covered = Enumerable.Range(0, 300).Count(seed =>
        {
            var set = SyntheticSets.Simulated(150, correlation, seed, 0.7);
            return ClusteredMean.Estimate([.. set.Cases.Select(c => new Ratio(set.Models[0].CorrectIn(c), c.Questions.Length))]).Interval()
                .Contains(0.7);
        });
        Assert.InRange(covered, 270, 299);
    }

    private static bool Close((double, double) a, (double, double) b) =>
        Math.Abs(a.Item1 - b.Item1) < 1e-10 && Math.Abs(a.Item2 - b.Item2) < 1e-10;
}
