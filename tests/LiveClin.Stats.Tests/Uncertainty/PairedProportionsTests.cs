using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Tests.Uncertainty;

/// <summary>Tango's interval against a published example, and where it must hold whatever was seen.</summary>
public sealed class PairedProportionsTests
{
    // M. W. Fagerland, S. Lydersen, P. Laake, Statistics in Medicine 33 (2014) 2850–2875: airway hyper-responsiveness, 1 and 7 of 21
    // differ.
    [Fact]
    public void A_published_example()
    {
        var interval = PairedProportions.Interval(gained: 1, lost: 7, cases: 21);
        Assert.Equal((-0.517, -0.026), (Math.Round(interval.Low, 3), Math.Round(interval.High, 3)));
    }

    [Fact]
    public void Without_any_case_that_differs_it_reaches_to_both_sides_as_wilsons_does()
    {
        // With nothing that differs, z² = n·δ/(1 − δ) at the upper end.
        var interval = PairedProportions.Interval(gained: 0, lost: 0, cases: 30);
        Assert.Equal(3.841458821 / (30 + 3.841458821), interval.High, 8);
        Assert.Equal(-interval.High, interval.Low, 12);
    }

    [Theory]
    [InlineData(0, 10, 10)]
    [InlineData(10, 0, 10)]
    [InlineData(5, 5, 10)]
    [InlineData(1, 0, 2)]
    [InlineData(3, 900, 1407)]
    public void It_holds_the_difference_seen_and_turns_with_it(int gained, int lost, int cases)
    {
        var (interval, turned) = (PairedProportions.Interval(gained, lost, cases), PairedProportions.Interval(lost, gained, cases));
        Assert.InRange((double)(gained - lost) / cases, interval.Low - 1e-12, interval.High + 1e-12);
        Assert.InRange(interval.Low, -1, interval.High);
        Assert.InRange(interval.High, interval.Low, 1);
        Assert.Equal((-interval.High, -interval.Low), (turned.Low, turned.High), (left, right) =>
            Math.Abs(left.Item1 - right.Item1) < 1e-9 && Math.Abs(left.Item2 - right.Item2) < 1e-9);
    }

    [Fact]
    public void One_case_gives_none() => Assert.True(double.IsNaN(PairedProportions.Interval(1, 0, 1).Low));
}
