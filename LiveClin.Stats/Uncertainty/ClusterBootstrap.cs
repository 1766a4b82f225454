using System.Numerics;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Uncertainty;

/// <summary>
/// The cluster bootstrap: whole cases are drawn with replacement, so that the questions of a case stay together (A. C. Davison, D. V. Hinkley,
/// "Bootstrap methods and their application", 1997, section 3.8). All models share the draws, which makes differences and ranks paired.
/// </summary>
public sealed class ClusterBootstrap
{
    /// <summary>Resamples unless said otherwise.</summary>
    public const int DefaultResamples = 10_000;

    // One 64-bit sum per model and resample: correct questions, questions, correct cases, cases.
    private const int CorrectBits = 18, TotalBits = 18, CaseBits = 14;
    private readonly double[][] _questions;
    private readonly double[][] _cases;

    private ClusterBootstrap(double[][] questions, double[][] cases) => (_questions, _cases) = (questions, cases);

    /// <summary>Question accuracy of a model in each resample; NaN where a resample has none of its cases.</summary>
    public ReadOnlySpan<double> Questions(int model) => _questions[model];

    /// <summary>Case accuracy of a model in each resample, likewise.</summary>
    public ReadOnlySpan<double> Cases(int model) => _cases[model];

    /// <summary>Percentile interval of a model's question accuracy.</summary>
    public Interval QuestionInterval(int model, double level = 0.95) => Percentiles(_questions[model], level);

    /// <summary>Percentile interval of a model's case accuracy.</summary>
    public Interval CaseInterval(int model, double level = 0.95) => Percentiles(_cases[model], level);

    /// <summary>The resamples of all models of a set, drawn once.</summary>
    public static ClusterBootstrap Of(ResultSet set) => set.Once(static s => Run(s, s.Models));

    /// <summary>Draws the resamples. The same seed gives the same numbers on every machine.</summary>
    /// <exception cref="ArgumentException">More cases or questions than the packed sums can hold (16,383 and 262,143).</exception>
    public static ClusterBootstrap Run(ResultSet set, IReadOnlyList<ModelResults> models, int resamples = DefaultResamples, ulong seed = 1)
    {
        if (set.Cases.Length >= 1 << CaseBits || set.QuestionCount * 2L >= 1 << (TotalBits + 1))
            throw new ArgumentException($"The bootstrap holds up to {(1 << CaseBits) - 1} cases and {(1 << TotalBits) - 1} questions; this set has {set.Cases.Length} and {set.QuestionCount}.", nameof(set));
        var width = (models.Count + Vector<long>.Count - 1) / Vector<long>.Count;
        var rows = Pack(set, models, width * Vector<long>.Count);
        var questions = models.Select(_ => new double[resamples]).ToArray();
        var cases = models.Select(_ => new double[resamples]).ToArray();
        var count = set.Cases.Length;
        Parallel.For(0, resamples, Cores.ForWork, () => new long[width * Vector<long>.Count], (resample, _, sums) =>
        {
            Array.Clear(sums);
            var random = SplitMix64.ForStream(seed, resample);
            for (var drawn = 0; drawn < count; drawn += 2)
            {
                var (first, second) = random.NextPair(count);
                Add(rows, first, sums, width);
                if (drawn + 1 < count) Add(rows, second, sums, width);
            }

            for (var model = 0; model < questions.Length; model++) Unpack(sums[model], out questions[model][resample], out cases[model][resample]);
            return sums;
        }, _ => { });
        return new ClusterBootstrap(questions, cases);
    }

    private static long[] Pack(ResultSet set, IReadOnlyList<ModelResults> models, int width)
    {
        var rows = new long[set.Cases.Length * width];
        foreach (var one in set.Cases)
        {
            for (var model = 0; model < models.Count; model++)
            {
                if (!models[model].Covers[one.Index] || one.Questions.Length == 0) continue;
                long correct = models[model].CorrectIn(one), total = one.Questions.Length;
                rows[(one.Index * width) + model] = correct | (total << CorrectBits) | ((correct == total ? 1L : 0L) << (CorrectBits + TotalBits)) | (1L << (CorrectBits + TotalBits + CaseBits));
            }
        }

        return rows;
    }

    private static void Add(long[] rows, int one, long[] sums, int width)
    {
        var from = one * width * Vector<long>.Count;
        for (var lane = 0; lane < width; lane++)
        {
            var at = lane * Vector<long>.Count;
            (new Vector<long>(sums, at) + new Vector<long>(rows, from + at)).CopyTo(sums, at);
        }
    }

    private static void Unpack(long sum, out double questions, out double cases)
    {
        static double Field(long sum, int from, int bits) => (sum >> from) & ((1L << bits) - 1);
        // NaN from 0/0 says that the resample holds nothing of the model.
        questions = Field(sum, 0, CorrectBits) / Field(sum, CorrectBits, TotalBits);
        cases = Field(sum, CorrectBits + TotalBits, CaseBits) / Field(sum, CorrectBits + TotalBits + CaseBits, CaseBits);
    }

    private static Interval Percentiles(double[] values, double level)
    {
        double[] sorted = [.. values.Where(double.IsFinite)];
        if (sorted.Length == 0) return Interval.None;
        Array.Sort(sorted);
        if (sorted[0] == sorted[^1]) return Interval.None; // cases that do not differ resample to the same score, which tells nothing of other cases
        // Davison and Hinkley's (R+1)α-th value.
        double At(double fraction) => sorted[Math.Clamp((int)Math.Round((sorted.Length + 1) * fraction) - 1, 0, sorted.Length - 1)];
        return new Interval(At((1 - level) / 2), At((1 + level) / 2));
    }
}
