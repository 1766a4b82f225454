namespace LiveClin.Stats.Uncertainty;

/// <summary>
/// The cluster bootstrap of a statistic of sums: whole cases are drawn with replacement (A. C. Davison, D. V. Hinkley, "Bootstrap methods and
/// their application", 1997, section 3.8), and the statistic is taken of the sums over those drawn.
/// </summary>
public static class SumBootstrap
{
    private const double Level = 0.95;

    /// <summary>Percentile interval, 95 %.</summary>
    /// <param name="columns">Counts by column, then case; all columns have one entry for each case.</param>
    /// <param name="statistic">Makes the statistic of the columns' sums; NaN or infinite where it has none.</param>
    /// <param name="resamples">Number of resamples.</param>
    /// <param name="seed">The same seed gives the same interval on every machine.</param>
    /// <returns>The interval; none with fewer than two cases, or when fewer than nine in ten resamples have a statistic.</returns>
    public static Interval Interval(
        IReadOnlyList<int[]> columns, Func<int[], double> statistic, int resamples = ClusterBootstrap.DefaultResamples, ulong seed = 1)
    {
        var cases = columns[0].Length;
        if (cases < 2) return Uncertainty.Interval.None;
        var values = new double[resamples];
        Parallel.For(0, resamples, Cores.ForWork, () => new int[columns.Count], (resample, _, sums) =>
        {
            Array.Clear(sums);
            var random = SplitMix64.ForStream(seed, resample);
            for (var drawn = 0; drawn < cases; drawn += 2)
            {
                var (first, second) = random.NextPair(cases);
                for (var column = 0; column < sums.Length; column++) sums[column] += columns[column][first] + (drawn + 1 < cases ? columns[column][second] : 0);
            }

            values[resample] = statistic(sums);
            return sums;
        }, _ => { });
        return Percentiles(values, resamples);
    }

    private static Interval Percentiles(double[] values, int resamples)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        if (sorted.Length < 0.9 * resamples || sorted[0] == sorted[^1]) return Uncertainty.Interval.None;
        return new Interval(At((1 - Level) / 2), At((1 + Level) / 2));

        // Davison and Hinkley's (R+1)α-th value.
        double At(double fraction) => sorted[Math.Clamp((int)Math.Round((sorted.Length + 1) * fraction) - 1, 0, sorted.Length - 1)];
    }
}
