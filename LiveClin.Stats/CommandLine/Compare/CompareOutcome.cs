using LiveClin.Stats.Comparison;
using LiveClin.Stats.Epochs;
using LiveClin.Stats.Floors;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.CommandLine.Compare;

/// <summary>What <c>compare</c> found; all of its outputs write from it.</summary>
/// <param name="Set">What both are in.</param>
/// <param name="Baseline">The model that is compared with.</param>
/// <param name="Candidate">The model that is judged.</param>
/// <param name="Pair">The comparison, in the order in which every output shows it.</param>
/// <param name="Gate">What was asked of the candidate.</param>
/// <param name="Result">What the gate says.</param>
internal sealed record CompareOutcome(
    ResultSet Set, ModelResults Baseline, ModelResults Candidate, ModelComparison Pair, Gate Gate, GateResult Result)
{
    /// <summary>Name of the release.</summary>
    public string Release => Set.Release;

    /// <summary>What the release gives away without medicine.</summary>
    public ReleaseFloors Floors => ReleaseFloors.Of(Set);

    /// <summary>Both models against the best floor, the pair's first one first; without those that replied to nothing.</summary>
    public IEnumerable<FloorCheck> FloorChecks =>
        new[] { Pair.First, Pair.Second }.Select(model => FloorCheck.Of(Set).GetValueOrDefault(model)).OfType<FloorCheck>();

    /// <summary>What several epochs show of both, likewise; without those that were asked once.</summary>
    public IEnumerable<EpochStatistics> Epochs =>
        new[] { Pair.First, Pair.Second }.Select(model => EpochStatistics.Of(Set, Set.FindModel(model)!)).OfType<EpochStatistics>();

    /// <summary>The verdict in words.</summary>
    public string Verdict => Result.Verdict switch
    {
        Comparison.Verdict.Worse => "worse",
        Comparison.Verdict.NotWorse => "not worse",
        _ => "inconclusive",
    };
}
