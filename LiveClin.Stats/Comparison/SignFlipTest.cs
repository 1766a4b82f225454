using System.Numerics;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Comparison;

/// <summary>
/// The permutation test of paired clusters: under the null the two models' answers to a case could be exchanged, which flips the sign of
/// the case's difference (R. A. Fisher, "The design of experiments", 1935, section 21; p-values as in B. Phipson, G. K. Smyth, Stat.
/// Appl. Genet. Mol. Biol. 9 (2010) 39).
/// </summary>
public static class SignFlipTest
{
    /// <summary>Random exchanges unless said otherwise.</summary>
    public const int DefaultPermutations = 10_000;

    // Up to here every exchange is tried, and the p-value is exact.
    private const int Exhaustive = 14;

    /// <summary>
    /// Two-sided p-values for all pairs of models at once; the exchanges are shared, as a model's sum serves all of its pairs.
    /// </summary>
    /// <param name="correct">Correct questions by model, then case; all models on the same cases.</param>
    /// <param name="permutations">Random exchanges.</param>
    /// <param name="seed">The same seed gives the same p-values on every machine.</param>
    /// <returns>By first model, then second; symmetric, 1 on the diagonal.</returns>
    public static double[,] AllPairs(IReadOnlyList<int[]> correct, int permutations = DefaultPermutations, ulong seed = 1)
    {
        var sums = FlippedSums(correct, permutations, seed);
        var values = new double[correct.Count, correct.Count];
        Parallel.For(0, correct.Count, Cores.ForWork, first =>
        {
            values[first, first] = 1;
            for (var second = first + 1; second < correct.Count; second++)
                values[first, second] = values[second, first] = Exact(correct[first], correct[second])
                    ?? Sampled(correct[first], correct[second], sums[first], sums[second]);
        });
        return values;
    }

    /// <summary>Two-sided p-value for one pair.</summary>
    public static double Pair(int[] first, int[] second, int permutations = DefaultPermutations, ulong seed = 1) =>
        AllPairs([first, second], permutations, seed)[0, 1];

    /// <summary>Two-sided p-values of several paired comparisons at once; the exchanges are shared.</summary>
    /// <param name="differences">
    /// Correct questions of the one minus those of the other, by comparison, then case; 0 where a case takes no part.
    /// </param>
    /// <param name="permutations">Random exchanges.</param>
    /// <param name="seed">The same seed gives the same p-values on every machine.</param>
    public static double[] Paired(IReadOnlyList<int[]> differences, int permutations = DefaultPermutations, ulong seed = 1)
    {
        if (differences.Count == 0) return [];
        var sums = FlippedSums(differences, permutations, seed);
        return [.. differences.Select((row, i) => Exact([.. row.Where(d => d != 0)]) ?? Share(sums[i], Math.Abs(row.Sum())))];

        static double Share(int[] sums, int observed) => (1.0 + sums.Count(sum => Math.Abs(sum) >= observed)) / (sums.Length + 1);
    }

    private static double? Exact(int[] first, int[] second) => Exact([.. first.Zip(second, (a, b) => a - b).Where(d => d != 0)]);

    private static double? Exact(int[] differences)
    {
        if (differences.Length > Exhaustive) return null;
        var observed = Math.Abs(differences.Sum());
        var extreme = 0;
        for (var signs = 0; signs < 1 << differences.Length; signs++)
        {
            var sum = 0;
            for (var i = 0; i < differences.Length; i++) sum += (signs >> i & 1) == 0 ? differences[i] : -differences[i];
            if (Math.Abs(sum) >= observed) extreme++;
        }

        return (double)extreme / (1 << differences.Length);
    }

    private static double Sampled(int[] first, int[] second, int[] firstSums, int[] secondSums)
    {
        var observed = Math.Abs(first.Sum() - second.Sum());
        var extreme = 1; // the observed assignment is one of those possible
        for (var i = 0; i < firstSums.Length; i++)
            if (Math.Abs(firstSums[i] - secondSums[i]) >= observed) extreme++;
        return (double)extreme / (firstSums.Length + 1);
    }

    // Σ s_c x_mc = Σ x_mc − 2 Σ over flipped cases: only the flipped cases' rows are added.
    private static int[][] FlippedSums(IReadOnlyList<int[]> correct, int permutations, ulong seed)
    {
        var cases = correct[0].Length;
        var lanes = Vector<int>.Count;
        var width = (correct.Count + lanes - 1) / lanes * lanes;
        var rows = new int[cases * width];
        for (var model = 0; model < correct.Count; model++)
            for (var row = 0; row < cases; row++) rows[(row * width) + model] = correct[model][row];
        var totals = correct.Select(c => c.Sum()).ToArray();
        var sums = correct.Select(_ => new int[permutations]).ToArray();
        Parallel.For(0, permutations, Cores.ForWork, () => new int[width], (permutation, _, flipped) =>
        {
            Array.Clear(flipped);
            var random = SplitMix64.ForStream(seed, permutation);
            for (var from = 0; from < cases; from += 64)
            {
                var bits = random.Next();
                if (cases - from < 64) bits &= (1UL << (cases - from)) - 1;
                for (; bits != 0; bits &= bits - 1)
                {
                    var row = (from + BitOperations.TrailingZeroCount(bits)) * width;
                    for (var at = 0; at < width; at += lanes)
                        (new Vector<int>(flipped, at) + new Vector<int>(rows, row + at)).CopyTo(flipped, at);
                }
            }

            for (var model = 0; model < sums.Length; model++) sums[model][permutation] = totals[model] - (2 * flipped[model]);
            return flipped;
        }, _ => { });
        return sums;
    }
}
