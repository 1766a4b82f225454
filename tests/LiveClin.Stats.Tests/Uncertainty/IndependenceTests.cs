using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Tests.Uncertainty;

public class IndependenceTests
{
    [Fact]
    public void The_expected_share_is_the_product_over_positions()
    {
        // First position 3/4 correct, second 2/4: (3/4)(2/4) expected, 2/4 observed.
        var set = SyntheticSets.Counts([2, 2, 2, 2], ("m", [2, 2, 1, 0]));
        var independence = Independence.Of(set, set.Models[0]);
        Assert.Equal(new Ratio(2, 4), independence.Observed);
        Assert.Equal(0.375, independence.Expected, 15);
    }
}
