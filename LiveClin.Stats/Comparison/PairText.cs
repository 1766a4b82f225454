using System.Globalization;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Comparison;

/// <summary>How the numbers of a comparison are written for people, alike in sentences, on pages and by the command.</summary>
internal static class PairText
{
    private const string Unknown = "–";

    /// <summary>+3.1: percentage points of a difference of shares.</summary>
    public static string Points(double difference) =>
        double.IsFinite(difference) ? (difference * 100).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture) : Unknown;

    /// <summary>+0.4 to +12.7, or why there is no interval.</summary>
    public static string Ends(PairedDifference difference) =>
        difference.Interval() is var (low, high) && double.IsFinite(low) ? $"{Points(low)} to {Points(high)}" : "no interval";

    /// <summary>p = 0.0123, p &lt; 0.0001.</summary>
    public static string Equation(double p) => p < 0.0001 ? "p < 0.0001" : $"p = {P(p)}";

    /// <summary>0.0123, &lt; 0.0001.</summary>
    public static string P(double p) =>
        !double.IsFinite(p) ? Unknown : p < 0.0001 ? "< 0.0001" : p.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>34/46 (73.9 %).</summary>
    public static string Share(Ratio ratio) => ratio.Total == 0
        ? Unknown
        : string.Create(CultureInfo.InvariantCulture, $"{ratio.Count:#,0}/{ratio.Total:#,0} ({ratio.Value * 100:0.0} %)");

    /// <summary>12.3 points, or that not even the largest difference could be seen, or a dash where the cases show no spread.</summary>
    public static string Detectable(PairedDifference difference) => difference.MinimumDetectable() switch
    {
        double.PositiveInfinity => "not even 100",
        var points when double.IsFinite(points) => (points * 100).ToString("0.0", CultureInfo.InvariantCulture),
        _ => Unknown,
    };
}
