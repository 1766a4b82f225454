using System.Collections.Concurrent;
using System.Collections.Immutable;
using LiveClin.Core.Answers;

namespace LiveClin.Core.Results;

public sealed partial class ResultStore
{
    // A stored release never changes, and counting its questions means reading all of its text.
    private readonly ConcurrentDictionary<string, ImmutableArray<int>> _questionCounts = new(StringComparer.Ordinal);

    // This process is the only one that writes, so a count holds until it writes to the run again.
    private readonly ConcurrentDictionary<string, (long Version, RunTally Tally)> _tallies = new(StringComparer.Ordinal);

    /// <summary>How far a run is and how well it went.</summary>
    public RunTally Tally(RunInfo run)
    {
        if (_writer is null) return Count(run);
        // Taken before the count: what is written meanwhile makes the count old at once.
        var version = _writer.VersionOf(run.Id);
        if (_tallies.TryGetValue(run.Id, out var known) && known.Version == version) return known.Tally;
        var tally = Count(run);
        _tallies[run.Id] = (version, tally);
        return tally;
    }

    private RunTally Count(RunInfo run)
    {
        var sizes = QuestionCounts(run.Specification.ReleaseSha256);
        var size = sizes.AsSpan(0, Math.Min(run.Specification.Limit ?? sizes.Length, sizes.Length));
        var counts = Query(
            """
            SELECT case_ordinal, outcome, count(*), sum(reply IS NULL) FROM answers
            WHERE run = (SELECT seq FROM runs WHERE id = $1) GROUP BY case_ordinal, outcome
            """,
            row => (Case: row.GetInt32(0), Outcome: (Outcome)row.GetInt32(1), Done: row.GetInt32(2), Open: row.GetInt32(3)), run.Id);
        var outcomes = counts.GroupBy(count => count.Outcome).ToDictionary(group => group.Key, group => group.Sum(count => count.Done));
        var cases = counts.GroupBy(count => count.Case).Select(of => new CaseTally(
            of.Key, of.Sum(count => count.Done), of.Sum(count => count.Done - count.Open), of.Where(count => count.Outcome == Outcome.Correct).Sum(count => count.Done))).ToList();

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
