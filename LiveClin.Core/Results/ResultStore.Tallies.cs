using System.Collections.Concurrent;
using System.Collections.Immutable;
using LiveClin.Core.Answers;

namespace LiveClin.Core.Results;

public sealed partial class ResultStore
{
    // A stored release never changes, and counting its questions means reading all of its text.
    private readonly ConcurrentDictionary<string, ImmutableArray<int>> _questionCounts = new(StringComparer.Ordinal);

    /// <summary>How far a run is and how well it went.</summary>
    public RunTally Tally(RunInfo run)
    {
        var sizes = QuestionCounts(run.Specification.ReleaseSha256);
        var size = sizes.AsSpan(0, Math.Min(run.Specification.Limit ?? sizes.Length, sizes.Length));
        var outcomes = CountOutcomes(run.Id).ToDictionary();
        var cases = Query(
            $"""
            SELECT case_ordinal, count(*), count(reply), coalesce(sum(outcome = {(int)Outcome.Correct}), 0)
            FROM answers WHERE run = (SELECT seq FROM runs WHERE id = $1) GROUP BY case_ordinal
            """,
            row => new CaseTally(row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3)), run.Id);

        var questions = 0;
        foreach (var count in size) questions += count;
        var done = cases.Sum(one => one.Done);
        outcomes[Outcome.NotRun] = outcomes.GetValueOrDefault(Outcome.NotRun) + Math.Max(0, questions - done);
        var answered = cases.Where(one => one.Answered == sizes[one.Ordinal]).ToList();
        return new RunTally
        {
            Questions = questions,
            Outcomes = outcomes,
            Cases = size.Length,
            CasesDone = cases.Count(one => one.Done == sizes[one.Ordinal]),
            CasesCorrect = cases.Count(one => one.Correct == sizes[one.Ordinal]),
            CasesAnswered = answered.Count,
            QuestionsInCasesAnswered = answered.Sum(one => one.Answered),
            CorrectInCasesAnswered = answered.Sum(one => one.Correct),
            QuestionsDone = done,
            QuestionsAnswered = cases.Sum(one => one.Answered),
        };
    }

    /// <summary>Number of questions of each case of a release, by position.</summary>
    private ImmutableArray<int> QuestionCounts(string releaseSha256) => _questionCounts.GetOrAdd(releaseSha256, sha256 =>
        [.. Query("SELECT json_array_length(json, '$.exam_creation.final_policy.mcqs') FROM cases WHERE release = $1 ORDER BY ordinal", row => row.GetInt32(0), sha256)]);

    private sealed record CaseTally(int Ordinal, int Done, int Answered, int Correct);
}
