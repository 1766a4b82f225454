using LiveClin.Core.Simulated;
using System.Collections.Immutable;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Comparison;

/// <summary>
/// Between which ranks a model lies in 95 % of the resamples (H. Goldstein, D. J. Spiegelhalter, JRSS A 159 (1996) 385–443); 1 is best.
/// Who ties in a resample could stand at any of the tied ranks, and a model without a case in it at any rank at all.
/// </summary>
/// <param name="Best">Best rank.</param>
/// <param name="Worst">Worst rank.</param>
public sealed record RankInterval(int Best, int Worst)
{
    /// <summary>Ranks by case accuracy among the models; floors and simulated examinees stand apart.</summary>
    /// <param name="bootstrap">The resamples.</param>
    /// <param name="models">The models, in the order of the bootstrap.</param>
    /// <param name="order">Their numbers in the bootstrap, in the order wanted.</param>
    /// <returns>An interval per model; null for floors and simulated examinees, which take no rank.</returns>
    internal static ImmutableArray<RankInterval?> Of(ClusterBootstrap bootstrap, IReadOnlyList<ModelResults> models,
        IReadOnlyList<int> order)
    {
        int[] ranked = [.. order.Where(i => models[i].Kind == ModelKind.Model)];
        if (ranked.Length == 0) return [.. order.Select(_ => (RankInterval?)null)];
        var resamples = bootstrap.Cases(ranked[0]).Length;
        var best = Array.ConvertAll(ranked, _ => new int[resamples]);
        var worst = Array.ConvertAll(ranked, _ => new int[resamples]);
        Parallel.For(0, resamples, Cores.ForWork, () => new double[ranked.Length], (resample, _, scores) =>
        {
            for (var i = 0; i < scores.Length; i++) scores[i] = bootstrap.Cases(ranked[i])[resample];
            for (var i = 0; i < scores.Length; i++)
            {
                int better = 0, notWorse = 0;
                foreach (var other in scores)
                {
                    if (other > scores[i]) better++;
                    if (!(other < scores[i])) notWorse++; // itself, its equals, and NaN, which could be anything
                }

                (best[i][resample], worst[i][resample]) = (better + 1, notWorse);
            }

            return scores;
        }, _ => { });
        return [.. order.Select(i => Array.IndexOf(ranked, i) is >= 0 and var at ? Middle(best[at], worst[at]) : null)];
    }

    private static RankInterval Middle(int[] best, int[] worst)
    {
        Array.Sort(best);
        Array.Sort(worst);
        return new RankInterval(best[(int)(0.025 * best.Length)],
            worst[Math.Min(worst.Length - 1, (int)Math.Ceiling(0.975 * worst.Length) - 1)]);
    }

    /// <summary>As text: 2, or 1–3.</summary>
    public override string ToString() => Best == Worst ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Best}")
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Best}–{Worst}");
}
