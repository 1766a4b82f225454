using LiveClin.Core.Answers;
using LiveClin.Stats.Ledger;

namespace LiveClin.Stats.Pages.Parts;

/// <summary>Outcomes in the order in which all pages show them.</summary>
internal static class Outcomes
{
    public static readonly IReadOnlyList<Outcome> Order =
        [Outcome.Correct, Outcome.Wrong, Outcome.Unparsed, Outcome.Truncated, Outcome.Refused, Outcome.Filtered, Outcome.Failed,
            Outcome.NotRun];

    public static IEnumerable<(Outcome Outcome, int Count)> Of(OutcomeCounts counts) => Order.Select(outcome => (outcome, outcome switch
    {
        Outcome.Correct => counts.Correct,
        Outcome.Wrong => counts.Wrong,
        Outcome.Unparsed => counts.Unparsed,
        Outcome.Truncated => counts.Truncated,
        Outcome.Refused => counts.Refused,
        Outcome.Filtered => counts.Filtered,
        Outcome.Failed => counts.Failed,
        _ => counts.NotRun,
    }));
}
