using System.Numerics;

namespace LiveClin.Stats.Uncertainty;

/// <summary>
/// The cluster bootstrap of a statistic of sums: whole cases are drawn with replacement (A. C. Davison, D. V. Hinkley, "Bootstrap methods
/// and their application", 1997, section 3.8), and the statistic is taken of the sums over those drawn.
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
        IReadOnlyList<int[]> columns, Func<int[], double> statistic, int resamples = ClusterBootstrap.DefaultResamples, ulong seed = 1) =>
        Intervals(columns, [statistic], resamples, seed)[0];

    /// <summary>The same of several statistics of the same columns; they share the draws.</summary>
    /// <param name="columns">Counts by column, then case; all columns have one entry for each case.</param>
    /// <param name="statistics">Each makes its statistic of the columns' sums; NaN or infinite where it has none.</param>
    /// <param name="resamples">Number of resamples.</param>
    /// <param name="seed">The same seed gives the same intervals on every machine.</param>
    public static Interval[] Intervals(
        IReadOnlyList<int[]> columns, IReadOnlyList<Func<int[], double>> statistics, int resamples = ClusterBootstrap.DefaultResamples,
        ulong seed = 1)
    {
        var cases = columns[0].Length;
        if (cases < 2) return [.. statistics.Select(_ => Uncertainty.Interval.None)];
        // A case's counts lie side by side, so that a draw adds all of them at once.
        var width = (columns.Count + Vector<int>.Count - 1) / Vector<int>.Count * Vector<int>.Count;
        var rows = new int[cases * width];
        for (var column = 0; column < columns.Count; column++)
            for (var row = 0; row < cases; row++) rows[(row * width) + column] = columns[column][row];
        var values = statistics.Select(_ => new double[resamples]).ToArray();
        Parallel.For(0, resamples, Cores.ForWork, () => new int[width], (resample, _, sums) =>
        {
            var random = SplitMix64.ForStream(seed, resample);
            Sum(rows, width, cases, random, sums);
            for (var i = 0; i < values.Length; i++) values[i][resample] = statistics[i](sums);
            return sums;
        }, _ => { });
        return [.. values.Select(each => Percentiles(each, resamples))];
    }

    private static void Sum(int[] rows, int width, int cases, SplitMix64 random, int[] sums)
    {
        Array.Clear(sums);
        if (width > Vector<int>.Count)
        {
            for (var drawn = 0; drawn < cases; drawn += 2)
            {
                var (first, second) = random.NextPair(cases);
                Add(rows, first * width, sums);
                if (drawn + 1 < cases) Add(rows, second * width, sums);
            }

            return;
        }

        var total = Vector<int>.Zero;
        for (var drawn = 0; drawn < cases; drawn += 2)
        {
            var (first, second) = random.NextPair(cases);
            total += new Vector<int>(rows, first * width);
            if (drawn + 1 < cases) total += new Vector<int>(rows, second * width);
        }

        total.CopyTo(sums);
    }

    private static void Add(int[] rows, int from, int[] sums)
    {
        for (var at = 0; at < sums.Length; at += Vector<int>.Count)
            (new Vector<int>(sums, at) + new Vector<int>(rows, from + at)).CopyTo(sums, at);
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
