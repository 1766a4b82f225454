using LiveClin.Core.Statistics;

namespace LiveClin.Core.Tests.Statistics;

public class NumpyMathTests
{
    // numpy 1.24: a = [((i * 7919) % 1000) / 997 for i in range(n)]; repr of np.mean(a), np.std(a), np.percentile(a, 25),
    // np.percentile(a, 75).
    [Theory]
    [InlineData(1, 0.0, 0.0, 0.0, 0.0)]
    [InlineData(2, 0.4608826479438315, 0.4608826479438315, 0.23044132397191575, 0.6913239719157472)]
    [InlineData(3, 0.5874289535272484, 0.4166971062583727, 0.4202607823470411, 0.8811434302908726)]
    [InlineData(7, 0.6159908296317523, 0.28238651409732624, 0.5561685055165496, 0.7998996990972919)]
    [InlineData(8, 0.5932798395185557, 0.2708964727151067, 0.49523570712136405, 0.7795887662988967)]
    [InlineData(9, 0.5665886548534492, 0.2663275727018688, 0.43430290872617855, 0.7592778335005015)]
    [InlineData(17, 0.5300607705469349, 0.31148199233135315, 0.27181544633901705, 0.7873620862587764)]
    [InlineData(127, 0.4969159446844471, 0.2932992525379671, 0.24824473420260781, 0.7607823470411234)]
    [InlineData(128, 0.4986208625877633, 0.29278241431808083, 0.24899699097291875, 0.7600300902708124)]
    [InlineData(129, 0.4996695512895275, 0.29188662490511175, 0.24974924774322968, 0.7592778335005015)]
    [InlineData(300, 0.5020060180541625, 0.2911202383900212, 0.2520060180541625, 0.7562688064192578)]
    [InlineData(1407, 0.5005770688041381, 0.28950492863362254, 0.24974924774322968, 0.7517552657973922)]
    public void Results_equal_numpys_to_the_last_digit(int count, double mean, double deviation, double lower, double upper)
    {
        double[] values = [.. Enumerable.Range(0, count).Select(i => i * 7919 % 1000 / 997.0)];
        Assert.Equal(
            (mean, deviation, lower, upper),
            (NumpyMath.Mean(values), NumpyMath.StandardDeviation(values), NumpyMath.Percentile(values, 0.25),
                NumpyMath.Percentile(values, 0.75)));
    }
}
