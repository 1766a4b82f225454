namespace LiveClin.Core.Results;

/// <content>What becomes of runs as a whole.</content>
public sealed partial class StoreTransaction
{
    private const char TagSeparator = '\n';

    /// <summary>Records the cases that a run under a condition asks.</summary>
    public void PutRunCases(string runId, IEnumerable<RunCase> cases)
    {
        var seq = Sequence(runId);
        foreach (var asked in cases)
            Send("INSERT INTO run_cases VALUES ($1, $2, $3, $4)", seq, asked.Ordinal, asked.Hash, asked.QuestionsJson);
    }

    /// <summary>Records which request a caller's key stands for; the first one stays.</summary>
    /// <param name="runId">The run that was begun, continued or found.</param>
    /// <param name="key">The caller's key.</param>
    /// <param name="sha256">SHA-256 of the request without its secrets, lower-case hexadecimal.</param>
    public void PutStartRequest(string runId, string key, string sha256) =>
        Execute("INSERT INTO start_requests VALUES ($1, $2, $3) ON CONFLICT (idempotency_key) DO NOTHING", key, Sequence(runId), sha256);

    /// <summary>Records that this is wanted of a run, too. What others have asked for meanwhile stays.</summary>
    public void WidenTarget(string runId, RunTarget target)
    {
        var seq = Sequence(runId);
        Execute("UPDATE runs SET target = target WHERE seq = $1", seq); // nobody else changes the row between reading and writing
        RunTarget stored;
        using (var row = Prepare("SELECT target FROM runs WHERE seq = $1", [seq]).ExecuteReader())
        {
            row.Read();
            stored = RunTarget.Parse(_engine.ReadText(row, 0));
        }

        SetTarget(runId, stored.Union(target));
    }

    /// <summary>Records what is wanted of a run, in place of what was.</summary>
    public void SetTarget(string runId, RunTarget target) =>
        Execute("UPDATE runs SET target = $2 WHERE seq = $1", Sequence(runId), target.ToString());

    /// <summary>
    /// Puts a run in the place of every other run with its identity that this program made: they are not continued any more.
    /// </summary>
    public void Supersede(string byRunId) => Execute(
        """
        UPDATE runs SET superseded_by = $2
        WHERE identity = (SELECT identity FROM runs WHERE seq = $1) AND seq <> $1 AND superseded_by IS NULL AND source = 'run'
        """,
        Sequence(byRunId), byRunId);

    /// <summary>
    /// Records which run superseded another one, as it was in the store that it comes from; what has superseded it here stays.
    /// </summary>
    public void SetSuperseded(string runId, string byRunId) =>
        Execute("UPDATE runs SET superseded_by = $2 WHERE seq = $1 AND superseded_by IS NULL", Sequence(runId), byRunId);

    /// <summary>
    /// Removes what is stored of a conversation's questions without a reply, before another account of it takes their place.
    /// </summary>
    public void ForgetUnanswered(string runId, int epoch, int caseOrdinal) =>
        Execute("DELETE FROM answers WHERE run = $1 AND epoch = $2 AND case_ordinal = $3 AND reply IS NULL", Sequence(runId), epoch,
            caseOrdinal);

    /// <summary>Lets a run stand for its model and setting, instead of any other; or no longer.</summary>
    public void SetChosen(string runId, bool chosen)
    {
        var seq = Sequence(runId);
        if (chosen) Execute("UPDATE runs SET chosen = 0 WHERE identity = (SELECT identity FROM runs WHERE seq = $1)", seq);
        Execute("UPDATE runs SET chosen = $2 WHERE seq = $1", seq, chosen ? 1 : 0);
    }

    /// <summary>Takes a run off the leaderboard, or puts it back.</summary>
    public void SetHidden(string runId, bool hidden) =>
        Execute("UPDATE runs SET hidden = $2 WHERE seq = $1", Sequence(runId), hidden ? 1 : 0);

    /// <summary>Names a run's model and setting, whichever of its runs stands for it; null takes the name away.</summary>
    public void SetName(string runId, string? name) =>
        Execute("UPDATE runs SET name = $2 WHERE identity = (SELECT identity FROM runs WHERE seq = $1)", Sequence(runId), name);

    /// <summary>Records where a run is asked from now on, unless it was asked there last.</summary>
    public void PutEnvironment(string runId, RecordedEnvironment recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        Execute(
            """
            INSERT INTO run_environments SELECT $1, $2, $3
            WHERE $3 IS DISTINCT FROM (SELECT environment FROM run_environments WHERE run = $1 ORDER BY at DESC, rowid DESC LIMIT 1)
            """,
            Sequence(runId), Time(recorded.At), recorded.Environment.ToJson());
    }

    /// <summary>Replaces a run's tags.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="tags">The tags, without line ends.</param>
    public void SetTags(string runId, IEnumerable<string> tags) =>
        Execute("UPDATE runs SET tags = $2 WHERE seq = $1", Sequence(runId), string.Join(TagSeparator, tags));

    /// <summary>
    /// Deletes a run with its answers. Runs that it had superseded can be continued again. Prompts and image records stay: other runs
    /// share them.
    /// </summary>
    public void DeleteRun(string runId)
    {
        var seq = Sequence(runId);
        foreach (var table in (string[])["answers", "events", "run_images", "run_cases", "run_environments", "start_requests"])
            Execute($"DELETE FROM {table} WHERE run = $1", seq);
        Execute("UPDATE runs SET superseded_by = (SELECT superseded_by FROM runs WHERE seq = $1) WHERE superseded_by = $2", seq, runId);
        Execute("DELETE FROM runs WHERE seq = $1", seq);
        _runs.Remove(runId);
    }

    internal static IReadOnlyList<string> ReadTags(string text) => text.Length == 0 ? [] : text.Split(TagSeparator);
}
