using LiveClin.Core.Results;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Results;

public sealed class RunTargetTests
{
    [Theory]
    [InlineData("all", "5", "all")]
    [InlineData("5", "7", "7")]
    [InlineData("5,5,5", "all", "all,5,5")]
    [InlineData("all", "all,all,all", "all,all,all")]
    [InlineData("sample:50", "sample:80", "sample:80")]
    [InlineData("5", "sample:80", "5+sample:80")]
    [InlineData("5+sample:80", "all", "all")]
    [InlineData("sample:80,sample:80", "7", "7+sample:80,sample:80")]
    public void Grows_to_what_was_ever_asked_and_to_nothing_more(string before, string asked, string after)
    {
        Assert.Equal(RunTarget.Parse(after), RunTarget.Parse(before).Union(RunTarget.Parse(asked)));
        Assert.Equal(after, RunTarget.Parse(asked).Union(RunTarget.Parse(before)).ToString());
        Assert.True(RunTarget.Parse(after).Contains(RunTarget.Parse(before)));
        Assert.Equal(after == before, RunTarget.Parse(before).Contains(RunTarget.Parse(asked)));
    }

    [Fact]
    public void Says_which_cases_it_wants_in_which_epoch()
    {
        var target = RunTarget.Parse("all,2");
        Assert.Equal((2, null), (target.Epochs, target.Limit));
        Assert.Equal((true, true, false, false), (Includes(1, 15), Includes(2, 1), Includes(2, 2), Includes(3, 0)));
        Assert.False(Includes(0, 0));
        Assert.Equal("epoch 1: all cases; epoch 2: the first 2 cases", target.Describe());

        bool Includes(int epoch, int ordinal) => target.Includes(epoch, ordinal, SampleOrder.Of([]));
    }

    [Fact]
    public void Samples_hold_each_chapter_by_its_share_and_nest()
    {
        var cases = Enumerable.Range(0, 60).Select(i => SampleRuns.Release.Cases[0] with
        {
            Ordinal = i, FileName = $"PMC{i}.json", Chapter = i < 30 ? "I" : i < 50 ? "II" : null,
        }).ToList();
        var order = SampleOrder.Of(cases);
        Assert.Equal(Enumerable.Range(0, 60), cases.Select(one => order.PlaceOf(one.Ordinal)).Order());
        foreach (var size in (int[])[6, 12, 24, 48])
        {
            var target = RunTarget.OfSample(size);
            var sampled = cases.Where(one => target.Includes(1, one.Ordinal, order)).ToList();
            Assert.Equal(size, sampled.Count);
            Assert.InRange(sampled.Count(one => one.Chapter == "I"), size / 2 - 1, size / 2 + 1);
            Assert.InRange(sampled.Count(one => one.Chapter is null), size / 6 - 1, size / 6 + 1);
            Assert.All(sampled, one => Assert.True(RunTarget.OfSample(size + 1).Includes(1, one.Ordinal, order)));
        }

        // The same on every machine, and whatever lies above: names and chapters alone decide.
        Assert.Equal([.. cases.Select(one => order.PlaceOf(one.Ordinal))], [.. cases.Select(one => SampleOrder.Of(cases.AsEnumerable().Reverse()).PlaceOf(one.Ordinal))]);
        Assert.Equal((null, true, "a sample of 6 cases, 2 epochs"), (RunTarget.OfSample(6, 2).Limit, RunTarget.OfSample(6).IsSampled, RunTarget.OfSample(6, 2).Describe()));
        Assert.Equal(RunTarget.Whole, RunTarget.OfSample(60).For(60));
    }

    [Fact]
    public void A_limit_that_leaves_no_case_out_is_none()
    {
        Assert.Equal(RunTarget.Whole, RunTarget.Of(16).For(16));
        Assert.Equal(RunTarget.Of(15), RunTarget.Of(15).For(16));
        Assert.Equal(("all cases", "the first case", "the first 5 cases, 3 epochs"), (RunTarget.Whole.Describe(), RunTarget.Of(1).Describe(), RunTarget.Of(5, 3).Describe()));
    }
}
