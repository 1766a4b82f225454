using System.Globalization;
using MathNet.Numerics.Distributions;

namespace LiveClin.Stats.Comparison;

/// <summary>What a gate says of a candidate against its baseline.</summary>
public enum Verdict
{
    /// <summary>No corrected test shows it to be worse; with a margin: it is shown to be at most that much worse.</summary>
    NotWorse = 0,

    /// <summary>A corrected test shows it to be worse.</summary>
    Worse = 1,

    /// <summary>The cases do not tell.</summary>
    Inconclusive = 2,
}

/// <summary>A verdict and why.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Reason">One sentence.</param>
public sealed record GateResult(Verdict Verdict, string Reason);

/// <summary>What a candidate must show to pass.</summary>
/// <param name="Margin">Non-inferiority margin, 0 to 1, for case and for question accuracy; null for none.</param>
/// <param name="MinimumCases">Shared cases below which nothing is concluded.</param>
public sealed record Gate(double? Margin = null, int MinimumCases = 0)
{
    private const double OneSided = 0.025;

    /// <summary>Judges one model of a pair against the other.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="candidate">Which of its two models is judged, by name.</param>
    public GateResult Judge(ModelComparison pair, string candidate)
    {
        if (!pair.IsTested) return Inconclusive($"there is nothing to test.");
        if (pair.SharedCases < MinimumCases)
            return Inconclusive($"{pair.SharedCases} shared cases are fewer than the {MinimumCases} asked for.");
        var isFirst = pair.First == candidate;
        if (Margin is { } margin)
        {
            // Both must hold, so that no correction is needed (intersection-union: R. L. Berger, Technometrics 24 (1982) 295–300).
            var lowest = Math.Min(Lowest(pair.Cases, isFirst), Lowest(pair.Questions, isFirst));
            var (points, allowed) = (Math.Max(0, -lowest) * 100, margin * 100);
            if (lowest >= -margin)
                return NotWorse($"at 97.5 % confidence it is at most {points:0.0} points lower on cases and on questions; the margin is {allowed:0.##}.");
            if (IsWorse(pair, isFirst)) return Worse(pair, isFirst);
            return Inconclusive(
                $"no test shows it to be worse, but at 97.5 % confidence it may still be {points:0.0} points lower; the margin is {allowed:0.##}.");
        }

        return IsWorse(pair, isFirst)
            ? Worse(pair, isFirst)
            : NotWorse($"no corrected test shows it to be worse, which is no proof that it is as good; a margin asks for one.");
    }

    private static GateResult Worse(ModelComparison pair, bool isFirst)
    {
        List<string> measures = [];
        if (IsLower(pair.Cases, pair.TellsCasesApart, isFirst)) measures.Add("whole cases");
        if (IsLower(pair.Questions, pair.TellsQuestionsApart, isFirst)) measures.Add("questions");
        return new GateResult(Verdict.Worse, $"a corrected test shows it to be worse on {string.Join(" and ", measures)}.");
    }

    private static bool IsWorse(ModelComparison pair, bool isFirst) =>
        IsLower(pair.Cases, pair.TellsCasesApart, isFirst) || IsLower(pair.Questions, pair.TellsQuestionsApart, isFirst);

    private static bool IsLower(PairedDifference difference, bool toldApart, bool isFirst) =>
        toldApart && (isFirst ? difference.Difference < 0 : difference.Difference > 0);

    // Candidate minus baseline at its worst: the lower end of the 95 % interval.
    private static double Lowest(PairedDifference difference, bool isFirst)
    {
        var interval = difference.Interval();
        if (double.IsFinite(interval.Low)) return isFirst ? interval.Low : -interval.High;
        // Cases that all differ alike show no spread. A case of another kind, unseen in n, is at most 1 − 0.025^(1/n) of them
        // (C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404–413).
        var observed = isFirst ? difference.Difference : -difference.Difference;
        return Math.Max(-1, Math.Min(0, observed) - Beta.InvCDF(1, difference.Clusters, 1 - OneSided));
    }

    private static GateResult NotWorse(FormattableString reason) => new(Verdict.NotWorse, reason.ToString(CultureInfo.InvariantCulture));

    private static GateResult Inconclusive(FormattableString reason) =>
        new(Verdict.Inconclusive, reason.ToString(CultureInfo.InvariantCulture));
}
