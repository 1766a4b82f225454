using LiveClin.Stats.Slices;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Tests.Slices;

public class SlicerTests
{
    [Fact]
    public void Parts_have_counts_intervals_and_say_when_they_are_too_small()
    {
        var set = SyntheticSets.Counts([.. Enumerable.Repeat(3, 30)], ("m", [.. Enumerable.Range(0, 30).Select(i => (int?)(i % 4))]));
        var positions = Slicer.Cut(set, set.Models[0], SliceDimension.Position);
        Assert.Equal(["Q1", "Q2", "Q3"], positions.Select(s => s.Name));
        Assert.Equal((new Ratio(22, 30), 30, false), (positions[0].Questions, positions[0].Cases, positions[0].IsTooSmall));
        Assert.Equal(Wilson.Interval(new Ratio(22, 30)), positions[0].Interval);
        Assert.Equal([30, 60], Slicer.Cut(set, set.Models[0], SliceDimension.Figure).Select(s => s.Questions.Total));
        Assert.Equal("CT", Assert.Single(Slicer.Cut(set, set.Models[0], SliceDimension.ImageModality)).Name);
        Assert.Equal("3", Assert.Single(Slicer.Cut(set, set.Models[0], SliceDimension.OptionCount)).Name);
        Assert.Empty(Slicer.Cut(set, set.Models[0], SliceDimension.TableModality));
        Assert.Equal(90, Enum.GetValues<SliceDimension>().Where(d => d is SliceDimension.Chapter or SliceDimension.Stage)
            .Select(d => Slicer.Cut(set, set.Models[0], d).Sum(s => s.Questions.Total)).Distinct().Single());
    }
}
