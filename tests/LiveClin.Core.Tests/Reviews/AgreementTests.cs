using LiveClin.Core.Reviews;

namespace LiveClin.Core.Tests.Reviews;

/// <summary>Agreement against worked examples.</summary>
public sealed class AgreementTests
{
    [Theory]
    [InlineData(20, 5, 10, 15, 0.4)]
    [InlineData(45, 15, 25, 15, 0.1304)]
    [InlineData(25, 35, 5, 35, 0.2593)]
    public void Cohens_kappa_is_that_of_the_worked_examples(int both, int firstOnly, int secondOnly, int neither, double kappa)
    {
        var units = Units((both, 1, 1), (firstOnly, 1, 0), (secondOnly, 0, 1), (neither, 0, 0));
        var pair = Assert.Single(Agreement.Of(units).Pairs);
        Assert.Equal(kappa, pair.Kappa, 4);
        Assert.Equal((both + firstOnly + secondOnly + neither, both + neither), (pair.Units, pair.Agreed));
    }

    // K. Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), as its examples are worked in full.
    [Fact]
    public void Krippendorffs_alpha_is_that_of_the_worked_examples()
    {
        // Two observers, binary, no missing data (section A).
        Assert.Equal(0.095, Alpha("0100000000", "1110010010"), 3);
        // Two observers, five categories, no missing data (section B).
        Assert.Equal(0.692, Alpha("aabbdcccedda", "babbbccceddd"), 3);
        // Four observers, five categories, data missing (section C).
        Assert.Equal(0.743, Alpha("123321412***", "1233224125*3", "*3332342251*", "12332441251*"), 3);
        // Three observers, data missing.
        Assert.Equal(0.691, Alpha("*****34121133*3", "1*213343*******", "**21344*21133*4"), 3);
    }

    [Fact]
    public void Where_everybody_always_says_the_same_nothing_is_known_beyond_chance()
    {
        var agreement = Agreement.Of(Units((5, 1, 1)));
        Assert.True(double.IsNaN(agreement.Alpha) && double.IsNaN(agreement.Pairs[0].Kappa));
        Assert.True(double.IsNaN(Agreement.Of([]).Alpha));
    }

    private static List<IReadOnlyDictionary<string, int>> Units(params (int Count, int First, int Second)[] kinds) =>
        [.. kinds.SelectMany(kind =>
            Enumerable.Repeat<IReadOnlyDictionary<string, int>>(new Dictionary<string, int> { ["x"] = kind.First, ["y"] = kind.Second },
            kind.Count))];

    private static double Alpha(params string[] observers) => Agreement.Of(
    [
        .. Enumerable.Range(0, observers[0].Length).Select(unit => observers.Index().Where(each => each.Item[unit] != '*')
            .ToDictionary(each => $"{each.Index}", each => (int)each.Item[unit])),
    ]).Alpha;
}
