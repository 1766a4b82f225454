using System.Collections.Concurrent;
using System.Collections.Immutable;
using LiveClin.Core.Answers;
using LiveClin.Core.Conditions;

namespace LiveClin.Core.Results;

/// <content>Which cases a run asks.</content>
public sealed partial class ResultStore
{
    /// <summary>
    /// The cases that a run under a condition asks, whatever part of them is wanted, by position; empty for a published run, which asks
    /// all.
    /// </summary>
    public IReadOnlyDictionary<int, RunCase> GetRunCases(string runId) => Query(
            StoredRows.Of("run_cases", runId),
            "SELECT case_ordinal, hash, questions FROM run_cases WHERE run = (SELECT seq FROM runs WHERE id = $1) ORDER BY case_ordinal",
            row => new RunCase(row.Position(), row.Text(), row.Parse(QuestionsOf, [])), runId)
        .ToDictionary(asked => asked.Ordinal);

    // Every model is asked alike under a condition, and most cases are changed alike: what is read once serves hundreds of runs.
    private ImmutableArray<RunQuestion> QuestionsOf(string json)
    {
        if (_questions.TryGetValue(json, out var known)) return known;
        if (_questions.Count >= KeptQuestions) _questions.Clear();
        return _questions[json] = RunCase.ReadQuestions(json);
    }

    private const int KeptQuestions = 50_000;
    private readonly ConcurrentDictionary<string, ImmutableArray<RunQuestion>> _questions = new(StringComparer.Ordinal);

    /// <summary>
    /// The cases that the first epoch of a run's target wants and that its condition applies to, in the order of the release.
    /// </summary>
    public IReadOnlyList<RunCase> CasesOf(RunInfo run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var order = SampleOrderOf(run.Specification.ReleaseSha256);
        var asked = run.Specification.Condition == Condition.PublishedName
            ? Enumerable.Range(0, QuestionCounts(run.Specification.ReleaseSha256).Length).Select(ordinal => new RunCase(ordinal, "", []))
            : GetRunCases(run.Id).Values;
        return [.. asked.Where(clinicalCase => run.Target.Includes(1, clinicalCase.Ordinal, order))
            .OrderBy(clinicalCase => clinicalCase.Ordinal)];
    }

    /// <summary>What became of the questions of a run's first epoch, without texts.</summary>
    public IReadOnlyList<StoredOutcome> GetOutcomes(string runId) => Query(
        StoredRows.Of(DamagedRow.Answers, runId),
        "SELECT case_ordinal, question, outcome, letter, CASE WHEN reply IS NULL THEN 0 ELSE 1 END FROM answers "
            + "WHERE run = (SELECT seq FROM runs WHERE id = $1) AND epoch = 1",
        row => new StoredOutcome(row.Position(), row.Position(), row.Code<Outcome>(), row.TextOrNull(), row.Flag()), runId);

    /// <summary>Mean length of the stored replies of a model, in tokens as its server counts them; null where none says.</summary>
    /// <param name="apiId">Its name on the wire.</param>
    public ReplyLength? MeanReply(string apiId) => Query(
        new StoredRows(DamagedRow.Answers, IsTold: false),
        $"""
        SELECT CAST(avg(output_tokens) AS DOUBLE PRECISION),
            CAST(avg(output_tokens - CASE WHEN {TokenUsage.IsBelieved("reasoning_tokens")} THEN reasoning_tokens ELSE 0 END)
                AS DOUBLE PRECISION)
        FROM answers WHERE run IN (SELECT seq FROM runs WHERE api_id = $1) AND {TokenUsage.IsBelieved("output_tokens")}
        """,
        row => row.DoubleOrNull() is { } whole ? new ReplyLength(whole, row.Double()) : (ReplyLength?)null, apiId).Single();

    /// <summary>The order in which samples take the cases of a stored release; read when it is asked for.</summary>
    public SampleOrder SampleOrderOf(string releaseSha256) =>
        _sampleOrders.GetOrAdd(releaseSha256, sha256 => new SampleOrder(() => LoadRelease(sha256)?.Cases ?? []));

    private readonly ConcurrentDictionary<string, SampleOrder> _sampleOrders = new(StringComparer.Ordinal);

    // Null: all of them.
    private HashSet<int>? AskedOrdinals(RunInfo run) => run.Specification.Condition == Condition.PublishedName
        ? null
        : [.. Query(
            StoredRows.Of("run_cases", run.Id), "SELECT case_ordinal FROM run_cases WHERE run = (SELECT seq FROM runs WHERE id = $1)",
            row => row.Position(), run.Id)];
}
