using MathNet.Numerics.Distributions;

namespace LiveClin.Stats.Comparison;

/// <summary>
/// The exact test of paired yes/no results: Q. McNemar, Psychometrika 12 (1947) 153–157, with binomial probabilities in place of χ².
/// </summary>
public static class McNemar
{
    /// <summary>Two-sided p-value for equal chances of the two kinds of disagreement; 1 without disagreements.</summary>
    /// <param name="onlyFirst">Pairs in which only the first is right.</param>
    /// <param name="onlySecond">Pairs in which only the second is right.</param>
    public static double Exact(int onlyFirst, int onlySecond)
    {
        var disagreements = onlyFirst + onlySecond;
        return disagreements == 0 ? 1 : Math.Min(1, 2 * Binomial.CDF(0.5, disagreements, Math.Min(onlyFirst, onlySecond)));
    }
}
