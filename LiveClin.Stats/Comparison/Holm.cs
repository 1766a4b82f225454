namespace LiveClin.Stats.Comparison;

/// <summary>
/// Correction for many tests: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6
/// (1979) 65–70.
/// </summary>
public static class Holm
{
    /// <summary>Adjusted p-values in the order given: rejecting those up to α keeps the chance of any false rejection at α.</summary>
    public static double[] Adjust(IReadOnlyList<double> values)
    {
        var adjusted = new double[values.Count];
        var order = Enumerable.Range(0, values.Count).OrderBy(i => values[i]).ToList();
        var largest = 0.0;
        foreach (var (rank, index) in order.Index())
            adjusted[index] = largest = Math.Max(largest, Math.Min(1, values[index] * (values.Count - rank)));
        return adjusted;
    }
}
