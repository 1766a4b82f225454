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
    [InlineData("all@1/2", "all@2/2", "all")]
    [InlineData("all@1/4+all@2/4+all@3/4", "all@4/4", "all")]
    [InlineData("all@1/4", "all@3/4", "all@1/4+all@3/4")]
    [InlineData("all@1/2", "all@3/4", "all@1/2")]
    [InlineData("all@1/2", "20@1/4", "all@1/2")]
    [InlineData("20@1/2,20@1/2", "20@2/2", "20,20@1/2")]
    [InlineData("all@2/3", "5", "5+all@2/3")]
    [InlineData("sample:8@1/2", "sample:8@2/2", "sample:8")]
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
        Assert.Equal(Enumerable.Range(0, 60), cases.Select(@case => order.PlaceOf(@case.Ordinal)).Order());
        foreach (var size in (int[])[6, 12, 24, 48])
        {
            var target = RunTarget.OfSample(size);
            var sampled = cases.Where(@case => target.Includes(1, @case.Ordinal, order)).ToList();
            Assert.Equal(size, sampled.Count);
            Assert.InRange(sampled.Count(@case => @case.Chapter == "I"), size / 2 - 1, size / 2 + 1);
            Assert.InRange(sampled.Count(@case => @case.Chapter is null), size / 6 - 1, size / 6 + 1);
            Assert.All(sampled, @case => Assert.True(RunTarget.OfSample(size + 1).Includes(1, @case.Ordinal, order)));
        }

        // The same on every machine, and whatever lies above: names and chapters alone decide.
        Assert.Equal([.. cases.Select(@case => order.PlaceOf(@case.Ordinal))],
            [.. cases.Select(@case => SampleOrder.Of(cases.AsEnumerable().Reverse()).PlaceOf(@case.Ordinal))]);
        Assert.Equal((null, true, "a sample of 6 cases, 2 epochs"),
            (RunTarget.OfSample(6, 2).Limit, RunTarget.OfSample(6).IsScattered, RunTarget.OfSample(6, 2).Describe()));
        Assert.Equal(RunTarget.Whole, RunTarget.OfSample(60).For(60));
    }

    [Theory]
    [InlineData("all@0/2")]
    [InlineData("all@3/2")]
    [InlineData("all@1/2/3")]
    [InlineData("all@")]
    [InlineData("5@a/b")]
    [InlineData("all+")]
    public void What_is_no_target_is_refused(string text) => Assert.Throws<FormatException>(() => RunTarget.Parse(text));

    [Fact]
    public void Shards_share_the_cases_out_and_together_are_all()
    {
        var shards = Enumerable.Range(1, 3).Select(index => RunTarget.Of(10, 2).Of(new Shard(index, 3))).ToList();
        foreach (var ordinal in Enumerable.Range(0, 12))
            Assert.Equal(ordinal < 10 ? 1 : 0, shards.Count(shard => shard.Includes(2, ordinal, SampleOrder.Of([]))));
        Assert.Equal(RunTarget.Of(10, 2), shards.Aggregate((first, second) => first.Union(second)));
        Assert.Equal((null, true, "shard 2/3 of the first 10 cases, 2 epochs"),
            (shards[1].Limit, shards[1].IsScattered, shards[1].Describe()));
        Assert.Equal(RunTarget.Whole, RunTarget.Whole.Of(new Shard(1, 1)));
        Assert.Equal("all@2/3,all@2/3", shards[1].For(10).ToString());
    }

    [Fact]
    public void Unions_of_any_targets_want_what_one_of_them_wants_and_in_one_text()
    {
        var random = new Random(3);
        var order = SampleOrder.Of(Enumerable.Range(0, 24).Select(i => SampleRuns.Release.Cases[0] with
        {
            Ordinal = i,
            FileName = $"PMC{i}.json",
        }));
        for (var round = 0; round < 2000; round++)
        {
            var parts = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Any(random)).ToList();
            var union = parts.Aggregate((first, second) => first.Union(second));
            foreach (var ordinal in Enumerable.Range(0, 24))
                Assert.Equal(parts.Exists(part => part.Includes(1, ordinal, order)), union.Includes(1, ordinal, order));
            Assert.Equal(union, parts.OrderBy(_ => random.Next()).Aggregate((first, second) => first.Union(second)));
            Assert.Equal(union, RunTarget.Parse(union.ToString()));
            Assert.All(parts, part => Assert.True(union.Contains(part)));
        }
    }

    private static RunTarget Any(Random random)
    {
        var cases = random.Next(3) switch { 0 => RunTarget.Whole, 1 => RunTarget.Of(random.Next(1, 20)),
            _ => RunTarget.OfSample(random.Next(1, 20)) };
        var count = random.Next(1, 5);
        return random.Next(2) == 0 ? cases : cases.Of(new Shard(random.Next(1, count + 1), count));
    }

    [Fact]
    public void A_limit_that_leaves_no_case_out_is_none()
    {
        Assert.Equal(RunTarget.Whole, RunTarget.Of(16).For(16));
        Assert.Equal(RunTarget.Of(15), RunTarget.Of(15).For(16));
        Assert.Equal(("all cases", "the first case", "the first 5 cases, 3 epochs"),
            (RunTarget.Whole.Describe(), RunTarget.Of(1).Describe(), RunTarget.Of(5, 3).Describe()));
    }
}
