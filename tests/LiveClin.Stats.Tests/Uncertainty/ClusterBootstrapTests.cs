using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Tests.Uncertainty;

public class ClusterBootstrapTests
{
    [Fact]
    public void Its_standard_error_is_the_clustered_one_and_its_interval_holds_the_estimate()
    {
        var set = SyntheticSets.Simulated(400, 0.3, seed: 7, 0.7, 0.4);
        var bootstrap = ClusterBootstrap.Run(set, set.Models);
        for (var model = 0; model < 2; model++)
        {
            var mean = ClusteredMean.Estimate([.. set.Cases.Select(c => new Ratio(set.Models[model].CorrectIn(c), c.Questions.Length))]);
            Assert.Equal(mean.StandardError, Deviation(bootstrap.Questions(model)), mean.StandardError * 0.05);
            Assert.True(bootstrap.QuestionInterval(model).Contains(mean.Mean));
            Assert.True(bootstrap.CaseInterval(model).Contains((double)set.Cases.Count(set.Models[model].IsCaseCorrect) / 400));
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_resamples_whatever_the_threads()
    {
        var set = SyntheticSets.Simulated(50, 0.2, seed: 3, 0.5);
        var first = ClusterBootstrap.Run(set, set.Models, 500, seed: 9);
        var second = ClusterBootstrap.Run(set, set.Models, 500, seed: 9);
        Assert.Equal(first.Questions(0).ToArray(), second.Questions(0).ToArray());
        Assert.NotEqual(first.Questions(0).ToArray(), ClusterBootstrap.Run(set, set.Models, 500, seed: 10).Questions(0).ToArray());
    }

    // Two cases, all right and all wrong: a resample holds 0, 1 or 2 of the right one with probabilities 1/4, 1/2, 1/4.
    [Fact]
    public void Draws_are_uniform()
    {
        var set = SyntheticSets.Counts([3, 3], ("m", [3, 0]));
        var values = ClusterBootstrap.Run(set, set.Models, 20_000).Questions(0).ToArray();
        Assert.InRange(values.Count(v => v == 0.5), 9_700, 10_300);
        Assert.InRange(values.Count(v => v == 1), 4_700, 5_300);
        Assert.Equal(20_000, values.Count(v => v is 0 or 0.5 or 1));
    }

    [Fact]
    public void A_model_counts_over_its_own_cases_only()
    {
        var set = SyntheticSets.Counts([2, 2, 2], ("part", [2, null, null]), ("none", [null, null, null]));
        var bootstrap = ClusterBootstrap.Run(set, set.Models, 100);
        Assert.All(bootstrap.Questions(0).ToArray().Where(double.IsFinite), v => Assert.Equal(1, v));
        Assert.Equal(Interval.None, bootstrap.CaseInterval(1));
    }

    private static double Deviation(ReadOnlySpan<double> values)
    {
        var all = values.ToArray();
        var mean = all.Average();
        return Math.Sqrt(all.Sum(v => (v - mean) * (v - mean)) / all.Length);
    }
}
