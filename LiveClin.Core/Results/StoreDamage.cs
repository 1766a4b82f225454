using System.Globalization;
using LiveClin.Core.Cases;

namespace LiveClin.Core.Results;

/// <summary>
/// What of a run is not as it was written: an answer that cannot be read, a reply whose checksum differs, a case that is none.
/// </summary>
/// <param name="RunId">The run; one of those on the release when the case itself is damaged.</param>
/// <param name="CaseId">The case; its position where its name is not known any more.</param>
/// <param name="Question">The question, from 1; null when the case itself is damaged.</param>
/// <param name="Epoch">The epoch; null when the case itself is damaged.</param>
/// <param name="Column">The damaged column of the answer; null when the case itself is damaged.</param>
public sealed record StoreDamage(string RunId, string CaseId, int? Question, int? Epoch, string? Column = null)
{
    /// <summary>The <see cref="Column"/> whose damage a checksum shows.</summary>
    public const string Reply = "reply";

    /// <summary>How the text of a case comes back.</summary>
    public const string CaseRemedy =
        "'evaluate' or 'import' with the release's file (--dataset, --jsonl-path), or 'merge' of a store that has it, puts its text back";

    /// <summary>What is to be done about a reply: no start asks it again, for it may be paid for.</summary>
    public const string ReplyRemedy = "nothing asks for such a reply again, and it counts as not run in statistics and exports. "
        + "'merge' of a backup that has it puts it back; otherwise --fresh begins another run";

    private const int MostNamed = 10;

    /// <summary>What is wrong, in a sentence.</summary>
    public override string ToString() => Question is null
        ? $"case {CaseId}: what is stored of it is no case any more (exports leave it out). {CaseRemedy}"
        : Column is null or Reply ? $"{Place}: the stored reply is not the one that was written (its checksum differs); left out"
        : $"{Place}: the stored answer is not the one that was written (column {Column} cannot be read); left out";

    private string Reason => Column is null or Reply ? "the reply's checksum differs" : $"column {Column} cannot be read";

    private string Place => $"{Asked} of run {RunId}";

    private string Asked => string.Create(
        CultureInfo.InvariantCulture, $"case {CaseId}, question {Question}{(Epoch > 1 ? $", epoch {Epoch}" : "")}");

    /// <summary>The stored case; null when its text is no case any more.</summary>
    public static Case? TryRead(StoredCase stored)
    {
        try
        {
            return StoredCaseReader.Read(stored);
        }
        catch (StoreException error) when (error.Problem == StoreProblem.Damaged)
        {
            return null;
        }
    }

    /// <summary>Damaged replies in one sentence; null when there are none.</summary>
    public static string? SummarizeReplies(IReadOnlyCollection<StoreDamage> damages)
    {
        ArgumentNullException.ThrowIfNull(damages);
        List<StoreDamage> replies = [.. damages.Where(damage => damage.Question is not null)];
        return replies.Count == 0 ? null
            : $"Damaged in the store, and left out: {Names(replies, damage => $"{damage.Place} ({damage.Reason})")}.";
    }

    /// <summary>Damaged cases in a few sentences, where their answers count; null when there are none.</summary>
    public static string? SummarizeCases(IReadOnlyCollection<StoreDamage> damages)
    {
        ArgumentNullException.ThrowIfNull(damages);
        List<StoreDamage> cases = [.. damages.Where(damage => damage.Question is null)];
        if (cases.Count == 0) return null;
        var (whose, them) = cases.Count == 1 ? ("its text is", "it") : ("their texts are", "them");
        return $"Damaged in the store: {Names(cases, damage => $"case {damage.CaseId}")} ({whose} no case any more). "
            + "The answers count by their stored letters and outcomes; what needs the text, or a key that no right answer tells (floors, "
            + $"balanced accuracy, letters, items, slices), leaves {them} out. To repair: {CaseRemedy}.";
    }

    /// <summary>Damaged replies of one run in a line, with what to do; null when there are none.</summary>
    public static string? SummarizeRun(string runId, IReadOnlyCollection<StoreDamage> damages)
    {
        ArgumentNullException.ThrowIfNull(damages);
        List<StoreDamage> replies = [.. damages.Where(damage => damage.Question is not null)];
        if (replies.Count == 0) return null;
        var areReplies = replies.TrueForAll(damage => damage.Column is null or Reply);
        var count = (replies.Count, areReplies) switch
        {
            (1, true) => "1 reply of this run is damaged (checksum)",
            (1, false) => "1 answer of this run is damaged",
            (_, true) => string.Create(CultureInfo.InvariantCulture, $"{replies.Count} replies of this run are damaged (checksum)"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{replies.Count} answers of this run are damaged"),
        };
        return $"{count}: {Names(replies, damage => areReplies ? damage.Asked : $"{damage.Asked} ({damage.Reason})")}; {ReplyRemedy}. "
            + $"'runs show {runId}' and 'export' name all.";
    }

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
                if (TryRead(stored) is null) yield return new StoreDamage(ofRelease.First().Id, stored.Id, null, null);
            }

            foreach (var run in ofRelease)
                foreach (var damage in Of(run.Id, store.StreamAnswers(run.Id), names.ElementAtOrDefault)) yield return damage;
        }
    }

    /// <summary>The damaged cases of a release that was read from a store.</summary>
    /// <param name="runId">A run on it.</param>
    /// <param name="cases">Its cases.</param>
    public static IEnumerable<StoreDamage> Of(string runId, IEnumerable<Case> cases) =>
        cases.Where(@case => @case.IsDamaged).Select(@case => new StoreDamage(runId, @case.Id, null, null));

    /// <summary>The damaged replies among some answers of a run.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="answers">The answers.</param>
    /// <param name="nameOf">The name of the case at a position; null where it is not known.</param>
    public static IEnumerable<StoreDamage> Of(string runId, IEnumerable<Answer> answers, Func<int, string?> nameOf) =>
        answers.Where(answer => answer.IsDamaged).Select(answer => new StoreDamage(
            runId, nameOf(answer.CaseOrdinal) ?? string.Create(CultureInfo.InvariantCulture, $"{answer.CaseOrdinal + 1}"),
            answer.QuestionIndex + 1, answer.Epoch, answer.DamagedColumn));

    private static string Names(List<StoreDamage> damages, Func<StoreDamage, string> name) =>
        string.Join("; ", damages.Take(MostNamed).Select(name))
        + (damages.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $"; and {damages.Count - MostNamed} more") : "");
}
