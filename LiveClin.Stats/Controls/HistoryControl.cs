using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Controls;

/// <summary>What a case's loss owes to the model's own earlier answers.</summary>
/// <param name="Published">Case accuracy as published, on the cases that gold-history asks.</param>
/// <param name="Gold">Case accuracy with the right letters as history.</param>
/// <param name="PublishedIfIndependent">
/// What the published accuracies by position would give if a case's questions were answered independently.
/// </param>
/// <param name="GoldIfIndependent">The same of the accuracies with the right history.</param>
public sealed record HistoryControl(Ratio Published, Ratio Gold, double PublishedIfIndependent, double GoldIfIndependent)
{
    /// <summary>Compares the two on the cases that both cover; null where they share none.</summary>
    internal static HistoryControl? Of(ResultSet set, ModelResults published, ModelResults gold)
    {
        var shared = set.SharedCases(published, gold).Select(clinicalCase => clinicalCase.Index).ToHashSet();
        if (shared.Count == 0) return null;
        var (own, right) = (Independence.Of(set, Only(published)), Independence.Of(set, Only(gold)));
        return new HistoryControl(own.Observed, right.Observed, own.Expected, right.Expected);

        ModelResults Only(ModelResults model) => model with
        {
            Covers = [.. model.Covers.Select((covers, index) => covers && shared.Contains(index))],
        };
    }
}
