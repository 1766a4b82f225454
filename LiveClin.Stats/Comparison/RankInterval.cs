using System.Collections.Immutable;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Comparison;

/// <summary>Between which ranks a model lies in 95 % of the resamples (H. Goldstein, D. J. Spiegelhalter, JRSS A 159 (1996) 385–443); 1 is best.</summary>
/// <param name="Best">Best rank.</param>
/// <param name="Worst">Worst rank.</param>
public sealed record RankInterval(int Best, int Worst)
{
    /// <summary>Ranks by case accuracy.</summary>
    /// <param name="bootstrap">The resamples.</param>
    /// <param name="order">The models' numbers in the bootstrap, in the order wanted.</param>
    internal static ImmutableArray<RankInterval> Of(ClusterBootstrap bootstrap, IReadOnlyList<int> order)
    {
        if (order.Count == 0) return [];
        var resamples = bootstrap.Cases(order[0]).Length;
        var ranks = order.Select(_ => new int[resamples]).ToArray();
        Parallel.For(0, resamples, Cores.ForWork, resample =>
        {
            Span<double> scores = stackalloc double[Math.Min(order.Count, 512)];
            if (order.Count > scores.Length) scores = new double[order.Count];
            for (var i = 0; i < order.Count; i++) scores[i] = bootstrap.Cases(order[i])[resample];
            for (var i = 0; i < order.Count; i++)
            {
                var better = 0;
                for (var j = 0; j < order.Count; j++)
                    if (scores[j] > scores[i]) better++;
                ranks[i][resample] = better + 1;
            }
        });
        return [.. ranks.Select(of =>
        {
            Array.Sort(of);
            return new RankInterval(of[(int)(0.025 * resamples)], of[Math.Min(resamples - 1, (int)Math.Ceiling(0.975 * resamples) - 1)]);
        })];
    }
}
