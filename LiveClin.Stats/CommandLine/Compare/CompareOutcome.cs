using LiveClin.Stats.Comparison;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.CommandLine.Compare;

/// <summary>What <c>compare</c> found; all of its outputs write from it.</summary>
/// <param name="Release">Name of the release.</param>
/// <param name="Baseline">The model that is compared with.</param>
/// <param name="Candidate">The model that is judged.</param>
/// <param name="Pair">The comparison, in the order in which every output shows it.</param>
/// <param name="Gate">What was asked of the candidate.</param>
/// <param name="Result">What the gate says.</param>
internal sealed record CompareOutcome(
    string Release, ModelResults Baseline, ModelResults Candidate, ModelComparison Pair, Gate Gate, GateResult Result)
{
    /// <summary>The verdict in words.</summary>
    public string Verdict => Result.Verdict switch
    {
        Comparison.Verdict.Worse => "worse",
        Comparison.Verdict.NotWorse => "not worse",
        _ => "inconclusive",
    };
}
