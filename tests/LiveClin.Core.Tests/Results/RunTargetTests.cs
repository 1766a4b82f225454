using LiveClin.Core.Results;

namespace LiveClin.Core.Tests.Results;

public sealed class RunTargetTests
{
    [Theory]
    [InlineData("all", "5", "all")]
    [InlineData("5", "7", "7")]
    [InlineData("5,5,5", "all", "all,5,5")]
    [InlineData("all", "all,all,all", "all,all,all")]
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
        Assert.Equal((0, 16, 2, 0), (target.CasesIn(0, 16), target.CasesIn(1, 16), target.CasesIn(2, 16), target.CasesIn(3, 16)));
        Assert.Equal((true, true, false, false), (target.Includes(1, 15), target.Includes(2, 1), target.Includes(2, 2), target.Includes(3, 0)));
        Assert.Equal("epoch 1: all cases; epoch 2: the first 2 cases", target.Describe());
    }

    [Fact]
    public void A_limit_that_leaves_no_case_out_is_none()
    {
        Assert.Equal(RunTarget.Whole, RunTarget.Of(16).For(16));
        Assert.Equal(RunTarget.Of(15), RunTarget.Of(15).For(16));
        Assert.Equal(("all cases", "the first case", "the first 5 cases, 3 epochs"), (RunTarget.Whole.Describe(), RunTarget.Of(1).Describe(), RunTarget.Of(5, 3).Describe()));
    }
}
