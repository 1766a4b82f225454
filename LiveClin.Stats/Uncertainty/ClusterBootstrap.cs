using System.Numerics;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Uncertainty;

/// <summary>
/// The cluster bootstrap: whole cases are drawn with replacement, so that the questions of a case stay together (A. C. Davison, D. V.
/// Hinkley, "Bootstrap methods and their application", 1997, section 3.8). All models share the draws, which makes differences and ranks
/// paired.
/// </summary>
public sealed class ClusterBootstrap
{
    /// <summary>Resamples unless said otherwise.</summary>
    public const int DefaultResamples = 10_000;

    // Two 64-bit sums per model and resample, each of two halves: questions correct and asked, cases correct and asked.
    private const int HalfBits = 32, Sums = 2;
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
    public static ClusterBootstrap Of(ResultSet set) => set.Once(static s => s.Whole?.Computed<ClusterBootstrap>() is { } whole
        ? whole.Choose([.. s.Models.Select(model => s.Whole.Models.IndexOf(model))])
        : Run(s, s.Models));

    /// <summary>Draws the resamples. The same seed gives the same numbers on every machine.</summary>
    public static ClusterBootstrap Run(ResultSet set, IReadOnlyList<ModelResults> models, int resamples = DefaultResamples, ulong seed = 1)
    {
        var width = ((Sums * models.Count) + Vector<long>.Count - 1) / Vector<long>.Count;
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

            for (var model = 0; model < questions.Length; model++)
                (questions[model][resample], cases[model][resample]) = (Share(sums[Sums * model]), Share(sums[(Sums * model) + 1]));
            return sums;
        }, _ => { });
        return new ClusterBootstrap(questions, cases);
    }

    // A model's resamples depend on the cases and the seed, and not on who else is there.
    private ClusterBootstrap Choose(int[] models) =>
        new([.. models.Select(model => _questions[model])], [.. models.Select(model => _cases[model])]);

    private static long[] Pack(ResultSet set, IReadOnlyList<ModelResults> models, int width)
    {
        var rows = new long[set.Cases.Length * width];
        foreach (var clinicalCase in set.Cases)
        {
            for (var model = 0; model < models.Count; model++)
            {
                if (!models[model].Covers[clinicalCase.Index] || clinicalCase.Questions.Length == 0) continue;
                long correct = models[model].CorrectIn(clinicalCase), total = clinicalCase.Questions.Length;
                var at = (clinicalCase.Index * width) + (Sums * model);
                (rows[at], rows[at + 1]) = (correct | (total << HalfBits), (correct == total ? 1L : 0L) | (1L << HalfBits));
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

    // NaN from 0/0 says that the resample holds nothing of the model.
    private static double Share(long sum) => (double)(sum & uint.MaxValue) / (sum >>> HalfBits);

    private static Interval Percentiles(double[] values, double level)
    {
        double[] sorted = [.. values.Where(double.IsFinite)];
        if (sorted.Length == 0) return Interval.None;
        Array.Sort(sorted);
        // cases that do not differ resample to the same score, which tells nothing of other cases
        if (sorted[0] == sorted[^1]) return Interval.None;
        // Davison and Hinkley's (R+1)α-th value.
        double At(double fraction) => sorted[Math.Clamp((int)Math.Round((sorted.Length + 1) * fraction) - 1, 0, sorted.Length - 1)];
        return new Interval(At((1 - level) / 2), At((1 + level) / 2));
    }
}
