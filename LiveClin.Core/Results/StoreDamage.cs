namespace LiveClin.Core.Results;

/// <summary>What of a run is not as it was written: a reply whose checksum differs, a case that is none.</summary>
/// <param name="RunId">The run.</param>
/// <param name="CaseId">The case; its position where its name is not known any more.</param>
/// <param name="Question">The question, from 1; null when the case itself is damaged.</param>
/// <param name="Epoch">The epoch; null when the case itself is damaged.</param>
public sealed record StoreDamage(string RunId, string CaseId, int? Question, int? Epoch)
{
    /// <summary>What is wrong, in a sentence.</summary>
    public override string ToString() => Question is null
        ? $"case {CaseId}: what is stored of it is no case any more; left out"
        : $"case {CaseId}, question {Question}{(Epoch > 1 ? $", epoch {Epoch}" : "")} of run {RunId}: the stored reply is not the one that was written (its checksum differs); left out";

    /// <summary>Some damages in one sentence; null when there are none.</summary>
    public static string? Summarize(IReadOnlyCollection<StoreDamage> damages)
    {
        ArgumentNullException.ThrowIfNull(damages);
        if (damages.Count == 0) return null;
        var more = damages.Count > MostNamed ? $"; and {damages.Count - MostNamed} more" : "";
        return $"Damaged in the store, and left out: {string.Join("; ", damages.Take(MostNamed).Select(damage => damage.Place))}{more}.";
    }

    private const int MostNamed = 10;

    private string Place => Question is null
        ? $"case {CaseId} (no case any more)"
        : $"case {CaseId}, question {Question}{(Epoch > 1 ? $", epoch {Epoch}" : "")} of run {RunId} (the reply's checksum differs)";

    /// <summary>Everything of the kind in some runs, each case once; reads all of their replies.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public static IEnumerable<StoreDamage> Find(ResultStore store, IEnumerable<RunInfo> runs)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(runs);
        foreach (var ofRelease in runs.GroupBy(run => run.Specification.ReleaseSha256))
        {
            var names = new List<string>();
            foreach (var stored in store.StreamCases(ofRelease.Key))
            {
                names.Add(stored.Id);
                if (ResultStore.TryRead(stored) is null) yield return new StoreDamage(ofRelease.First().Id, stored.Id, null, null);
            }

            foreach (var run in ofRelease)
                foreach (var answer in store.StreamAnswers(run.Id).Where(answer => answer.IsDamaged))
                    yield return new StoreDamage(run.Id, names.ElementAtOrDefault(answer.CaseOrdinal) ?? $"{answer.CaseOrdinal + 1}", answer.QuestionIndex + 1, answer.Epoch);
        }
    }
}
