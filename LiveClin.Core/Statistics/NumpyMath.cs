namespace LiveClin.Core.Statistics;

/// <summary>
/// Mean, standard deviation and percentiles with NumPy's order of operations, so that results equal the published ones to the last digit
/// (numpy/_core: pairwise_sum in loops_utils.h.src, _methods.py, _quantile and _lerp in function_base.py).
/// </summary>
internal static class NumpyMath
{
    private const int Block = 128;

    /// <summary>numpy.mean.</summary>
    public static double Mean(ReadOnlySpan<double> values) => Sum(values) / values.Length;

    /// <summary>numpy.std: the population's standard deviation.</summary>
    public static double StandardDeviation(ReadOnlySpan<double> values)
    {
        var mean = Mean(values);
        var squares = new double[values.Length];
        for (var i = 0; i < squares.Length; i++) squares[i] = (values[i] - mean) * (values[i] - mean);
        return Math.Sqrt(Mean(squares));
    }

    /// <summary>numpy.percentile(values, 100 * fraction) with linear interpolation.</summary>
    public static double Percentile(ReadOnlySpan<double> values, double fraction)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var position = (sorted.Length - 1) * fraction;
        var below = (int)Math.Floor(position);
        double a = sorted[below], b = sorted[Math.Min(below + 1, sorted.Length - 1)];
        var t = position - below;
        return t >= 0.5 ? b - ((b - a) * (1 - t)) : a + ((b - a) * t);
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var count = values.Length;
        if (count < 8)
        {
            var sum = 0.0;
            foreach (var value in values) sum += value;
            return sum;
        }

        if (count > Block)
        {
            var half = count / 2;
            half -= half % 8;
            return Sum(values[..half]) + Sum(values[half..]);
        }

        Span<double> r = stackalloc double[8];
        values[..8].CopyTo(r);
        var i = 8;
        for (; i < count - (count % 8); i += 8)
            for (var lane = 0; lane < 8; lane++) r[lane] += values[i + lane];
        var total = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
        for (; i < count; i++) total += values[i];
        return total;
    }
}
