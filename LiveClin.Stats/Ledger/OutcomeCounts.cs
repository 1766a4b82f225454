using LiveClin.Core.Answers;

namespace LiveClin.Stats.Ledger;

/// <summary>Questions by what became of them; they add up to all questions of the model's cases.</summary>
public sealed record OutcomeCounts(int Correct, int Wrong, int Unparsed, int Truncated, int Refused, int Filtered, int Failed, int NotRun)
{
    /// <summary>All questions.</summary>
    public int Total => Correct + Wrong + Unparsed + Truncated + Refused + Filtered + Failed + NotRun;

    /// <summary>Counts outcomes.</summary>
    public static OutcomeCounts Of(IEnumerable<Outcome> outcomes)
    {
        var counts = new int[Enum.GetValues<Outcome>().Length];
        foreach (var outcome in outcomes) counts[(int)outcome]++;
        int CountOf(Outcome outcome) => counts[(int)outcome];
        return new OutcomeCounts(
            CountOf(Outcome.Correct), CountOf(Outcome.Wrong), CountOf(Outcome.Unparsed), CountOf(Outcome.Truncated),
            CountOf(Outcome.Refused), CountOf(Outcome.Filtered), CountOf(Outcome.Failed), CountOf(Outcome.NotRun));
    }
}
