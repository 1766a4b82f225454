using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using LiveClin.Core.Answers;
using LiveClin.Core.Failures;

namespace LiveClin.Core.Results;

public sealed partial class ResultStore
{
    // A stored release never changes, and counting its questions means reading all of its text.
    private readonly ConcurrentDictionary<string, ImmutableArray<int>> _questionCounts = new(StringComparer.Ordinal);

    // A count holds until somebody writes: this process, the only one, to the run, or, for a reader, another one to the store.
    private readonly ConcurrentDictionary<(string Run, RunTarget Target), (string Version, RunTally Tally)> _tallies = [];

    /// <summary>How far a run is and how well it went, within its own target.</summary>
    public RunTally Tally(RunInfo run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Tally(run, run.Target);
    }

    /// <summary>How far a run is and how well it went, within a target that may be smaller or larger than its own.</summary>
    public RunTally Tally(RunInfo run, RunTarget target)
    {
        ArgumentNullException.ThrowIfNull(run);
        // Taken before the count: what is written meanwhile makes the count old at once.
        if (VersionOf(run.Id) is not { } version) return Count(run, target);
        if (_tallies.TryGetValue((run.Id, target), out var known) && known.Version == version) return known.Tally;
        var tally = Count(run, target);
        _tallies[(run.Id, target)] = (version, tally);
        return tally;
    }

    // The one process that writes to a file knows when it wrote; of a store that others write to the engine knows.
    private string? VersionOf(string runId) => _writer is null || _engine.IsShared
        ? Try(_engine.FindVersion)
        : _writer.VersionOf(runId).ToString(CultureInfo.InvariantCulture);

    private RunTally Count(RunInfo run, RunTarget target)
    {
        var sizes = QuestionCounts(run.Specification.ReleaseSha256);
        var order = SampleOrderOf(run.Specification.ReleaseSha256);
        var asked = AskedOrdinals(run);
        var ordinals = Enumerable.Range(0, sizes.Length).Where(ordinal => asked is null || asked.Contains(ordinal)).ToList();
        var targeted = Enumerable.Range(1, target.Epochs)
            .SelectMany(epoch => ordinals.Where(ordinal => target.Includes(epoch, ordinal, order))).ToList();
        var counts = Query(
            StoredRows.Of(DamagedRow.Answers, run.Id),
            $"""
            SELECT epoch, case_ordinal, outcome, count(*), count(*) FILTER (WHERE reply IS NULL),
                count(*) FILTER (WHERE reply IS NULL
                    OR ({TokenUsage.IsBelieved("input_tokens")} AND {TokenUsage.IsBelieved("output_tokens")})),
                {SumOf("input_tokens")}, {SumOf("cached_tokens")}, {SumOf("output_tokens")}, {SumOf("reasoning_tokens")}
            FROM answers WHERE run = (SELECT seq FROM runs WHERE id = $1) GROUP BY epoch, case_ordinal, outcome
            """,
            ReadCount, run.Id);
        var wanted = counts.Where(count => count.Ordinal < sizes.Length && target.Includes(count.Epoch, count.Ordinal, order)).ToList();
        var cases = CaseTally.Of(wanted);
        var questions = targeted.Sum(ordinal => sizes[ordinal]);
        var outcomes = wanted.GroupBy(count => count.Outcome).ToDictionary(group => group.Key, group => group.Sum(count => count.Done));
        var done = cases.Sum(@case => @case.Done);
        outcomes[Outcome.NotRun] = outcomes.GetValueOrDefault(Outcome.NotRun) + Math.Max(0, questions - done);
        var answered = cases.Where(@case => @case.Answered == sizes[@case.Ordinal]).ToList();
        var failures = ReadFailures(run, target, order);
        return new RunTally
        {
            Questions = questions,
            Outcomes = outcomes,
            FailuresByKind = failures.CountBy(failure => failure.Kind).ToDictionary(),
            FailureMessages = failures.DistinctBy(failure => failure.Kind)
                .ToDictionary(failure => failure.Kind, failure => failure.Message),
            Cases = targeted.Count,
            CasesDone = cases.Count(@case => @case.Done == sizes[@case.Ordinal]),
            CasesCorrect = cases.Count(@case => @case.Correct == sizes[@case.Ordinal]),
            CasesAnswered = answered.Count,
            QuestionsInCasesAnswered = answered.Sum(@case => @case.Answered),
            CorrectInCasesAnswered = answered.Sum(@case => @case.Correct),
            QuestionsDone = done,
            QuestionsAnswered = cases.Sum(@case => @case.Answered),
            CasesInRelease = ordinals.Count,
            Usage = UsageOf(counts),
            CasesCovered = CaseTally.Of(counts.Where(count => count.Epoch == 1)).Count(@case => @case.Done == sizes[@case.Ordinal]),
        };
    }

    private List<FailedQuestion> ReadFailures(RunInfo run, RunTarget target, SampleOrder order) => [.. Query(
            StoredRows.Of(DamagedRow.Answers, run.Id),
            """
            SELECT epoch, case_ordinal, question, error_kind, coalesce(error_message, '') FROM answers
            WHERE run = (SELECT seq FROM runs WHERE id = $1) AND reply IS NULL AND error_kind IS NOT NULL AND error_kind <> 'skipped'
            ORDER BY epoch, case_ordinal, question
            """,
            row => new FailedQuestion(row.Position(), row.Position(), row.Position(), row.Text(), row.Text()), run.Id)
        .Where(failure => target.Includes(failure.Epoch, failure.CaseOrdinal, order))];

    /// <summary>Number of questions of each case of a release, by position.</summary>
    public ImmutableArray<int> QuestionCounts(string releaseSha256) => _questionCounts.GetOrAdd(releaseSha256, CountQuestions);

    private static string SumOf(string column) => $"CAST(sum({column}) FILTER (WHERE {TokenUsage.IsBelieved(column)}) AS BIGINT)";

    private static OutcomeCount ReadCount(ColumnReader next) => new(
        next.Position(), next.Position(), next.Code<Outcome>(), next.Integer(), next.Integer(), next.Integer(),
        next.LongOrNull(), next.LongOrNull(), next.LongOrNull(), next.LongOrNull());

    private static RunUsage UsageOf(List<OutcomeCount> counts) => new()
    {
        Input = Sum(counts, count => count.Input),
        CachedInput = Sum(counts, count => count.Cached),
        Output = Sum(counts, count => count.Output),
        Reasoning = Sum(counts, count => count.Reasoning),
        RepliesUncounted = counts.Sum(count => count.Done - count.Counted),
    };

    private static long? Sum(List<OutcomeCount> counts, Func<OutcomeCount, long?> of)
    {
        var known = counts.Select(of).OfType<long>().ToList();
        return known.Count == 0 ? null : known.Sum();
    }

    /// <summary>Answers of one outcome to a case in an epoch: those with and without a reply, and their tokens.</summary>
    private sealed record OutcomeCount(
        int Epoch, int Ordinal, Outcome Outcome, int Done, int Open, int Counted, long? Input, long? Cached, long? Output, long? Reasoning);

    private sealed record CaseTally(int Ordinal, int Done, int Answered, int Correct)
    {
        public static List<CaseTally> Of(IEnumerable<OutcomeCount> counts) =>
            [.. counts.GroupBy(count => (count.Epoch, count.Ordinal)).Select(of => new CaseTally(
            of.Key.Ordinal, of.Sum(count => count.Done), of.Sum(count => count.Done - count.Open),
            of.Where(count => count.Outcome == Outcome.Correct).Sum(count => count.Done)))];
    }
}
