using LiveClin.Core.Answers;

namespace LiveClin.Core.Results;

public sealed partial class ResultStore
{
    private const string RunColumns =
        """
        id, model, api_id, endpoint, release, release_name, condition, image_mode, allow_missing_images, parameters, target, status, status_reason,
        started_at, finished_at, program_version, git_commit, machine, source, superseded_by, chosen, hidden, name, tags, seq,
        CASE WHEN EXISTS (SELECT 1 FROM releases WHERE sha256 = release) THEN 1 END AS release
        """;

    private const string ReleaseColumns = "sha256, name, jsonl_path, image_root, cases, questions";

    /// <summary>All runs, newest first; without those that are damaged (<see cref="FindDamagedRuns"/>).</summary>
    public IReadOnlyList<RunInfo> ListRuns() => [.. ReadRuns("TRUE").Select(row => row.Run).OfType<RunInfo>()];

    /// <summary>The runs that cannot be read, newest first.</summary>
    public IReadOnlyList<DamagedRow> FindDamagedRuns() => [.. ReadRuns("TRUE").Select(row => row.Damage).OfType<DamagedRow>()];

    /// <summary>A run by its identifier or an unambiguous beginning of it; null when there is none.</summary>
    /// <exception cref="StoreException">The beginning fits several runs, or the run is damaged.</exception>
    public RunInfo? FindRun(string id)
    {
        var exact = ReadRuns("id = $1", id);
        if (exact.Count == 1) return Sound(exact[0]);
        var similar = ReadRuns("substr(id, 1, length($1)) = $1", id);
        return similar.Count switch
        {
            0 => null,
            1 => Sound(similar[0]),
            _ => throw new StoreException(StoreProblem.Other,
                $"'{id}' fits {similar.Count} runs: {string.Join(", ", similar.Take(5).Select(row => row.Name))}"
                + $"{(similar.Count > 5 ? ", …" : "")}. Give more of it."),
        };
    }

    /// <summary>The run that was started under an idempotency key, if any.</summary>
    public RunInfo? FindRunByIdempotencyKey(string key) => ReadRuns("idempotency_key = $1", key) is [var row] ? Sound(row) : null;

    /// <summary>The request that a caller's key stands for; null when the key is new, or older than such records.</summary>
    public StartRequest? FindStartRequest(string key) => Query(
        new StoredRows("start_requests"),
        "SELECT (SELECT id FROM runs WHERE seq = run), sha256 FROM start_requests WHERE idempotency_key = $1",
        row => new StartRequest(row.Text(), row.Text()), key).SingleOrDefault();

    /// <summary>
    /// The run that a start continues: of those with this identity that this program made and no fresh start has superseded, the one with
    /// most replies in the target, then the newest. Null when there is none.
    /// </summary>
    /// <param name="specification">What is asked.</param>
    /// <param name="target">How much of it.</param>
    /// <exception cref="StoreException">One of them is damaged: what it has may be what is asked for.</exception>
    public RunInfo? FindContinuable(RunSpecification specification, RunTarget target)
    {
        ArgumentNullException.ThrowIfNull(specification);
        var candidates = ReadRuns($"identity = $1 AND source = '{RunInfo.Own}' AND superseded_by IS NULL", specification.Identity)
            .ConvertAll(row => Sound(row, " --fresh begins another run, and asks everything again."));
        // Sorting is stable: of equal ones the newest stays first.
        return candidates.Count <= 1
            ? candidates.FirstOrDefault() : candidates.OrderByDescending(run => Tally(run, target).QuestionsAnswered).First();
    }

    /// <summary>The answers of a run, by epoch, case and question.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="since">Only those completed at this time or later; all by default.</param>
    public IReadOnlyList<Answer> GetAnswers(string runId, DateTimeOffset since = default) => Query(
        StoredRows.Of(DamagedRow.Answers, runId),
        $"""
        SELECT {AnswerColumns} FROM answers
        WHERE run = (SELECT seq FROM runs WHERE id = $1) {(since == default ? "" : "AND completed_at >= $2")}
        ORDER BY epoch, case_ordinal, question
        """,
        ReadAnswerOf(runId), [runId, .. Since(since)]);

    /// <summary>The answers of one epoch of a run, by case and question.</summary>
    public IReadOnlyList<Answer> GetEpoch(string runId, int epoch) => [.. StreamEpoch(runId, epoch)];

    /// <summary>What became of a run's questions in the epochs after the first, by epoch, case and question; no texts are read.</summary>
    public IReadOnlyList<EpochOutcome> GetLaterEpochs(string runId) => Query(
        StoredRows.Of(DamagedRow.Answers, runId),
        """
        SELECT epoch, case_ordinal, question, outcome FROM answers
        WHERE run = (SELECT seq FROM runs WHERE id = $1) AND epoch > 1 ORDER BY epoch, case_ordinal, question
        """,
        row => new EpochOutcome(row.Position(), row.Position(), row.Position(), row.Code<Outcome>()),
        runId);

    /// <summary>The same, with a look at the replies: what became of a question whose reply is damaged is not known.</summary>
    public IReadOnlyList<EpochOutcome> CheckLaterEpochs(string runId) => Query(
        StoredRows.Of(DamagedRow.Answers, runId),
        """
        SELECT epoch, case_ordinal, question, outcome, reply, checksum FROM answers
        WHERE run = (SELECT seq FROM runs WHERE id = $1) AND epoch > 1 ORDER BY epoch, case_ordinal, question
        """,
        row =>
        {
            var read = new EpochOutcome(row.Position(), row.Position(), row.Position(), default);
            if (row.Damage is not null) return read;
            read = read with { Outcome = row.Code<Outcome>() };
            var isChanged = IsDamaged(row.TextOrNull(), row.LongOrNull());
            var damaged = row.TakeDamage() is { } column ? column : isChanged ? StoreDamage.Reply : null;
            return damaged is null ? read : read with { Outcome = Outcome.NotRun, DamagedColumn = damaged };
        },
        runId);

    /// <summary>The answers of a run to the questions of one case, by epoch and question.</summary>
    public IReadOnlyList<Answer> GetAnswers(string runId, int caseOrdinal) => Query(
        StoredRows.Of(DamagedRow.Answers, runId),
        $"""
        SELECT {AnswerColumns} FROM answers
        WHERE run = (SELECT seq FROM runs WHERE id = $1) AND case_ordinal = $2 ORDER BY epoch, question
        """,
        ReadAnswerOf(runId), runId, caseOrdinal);

    /// <summary>
    /// The addresses that a run's answers came from, with the number of each, most first; none of answers whose address was not recorded.
    /// </summary>
    public IReadOnlyList<(string Endpoint, int Answers)> GetEndpoints(string runId) => Query(
        StoredRows.Of(DamagedRow.Answers, runId),
        """
        SELECT endpoint, count(*) AS answers FROM answers
        WHERE run = (SELECT seq FROM runs WHERE id = $1) AND endpoint IS NOT NULL GROUP BY endpoint ORDER BY answers DESC, endpoint
        """,
        row => (row.Text(), row.Integer()), runId);

    /// <summary>The images that a run has seen, as they were then.</summary>
    public IReadOnlyList<RunImage> GetRunImages(string runId) => Query(
        StoredRows.Of("run_images", runId),
        "SELECT file, sha256, bytes, modified_at FROM run_images WHERE run = (SELECT seq FROM runs WHERE id = $1) ORDER BY file",
        row => new RunImage(row.Text(), row.Text(), row.Long(), row.TimeOrNull()), runId);

    /// <summary>What was noted about a run, oldest first.</summary>
    public IReadOnlyList<RunEvent> GetEvents(string runId) => Query(
        StoredRows.Of("events", runId),
        "SELECT at, kind, message FROM events WHERE run = (SELECT seq FROM runs WHERE id = $1) ORDER BY rowid",
        row => new RunEvent(row.Time(), row.Text(), row.Text()), runId);

    /// <summary>Those of one kind.</summary>
    public IReadOnlyList<RunEvent> GetEvents(string runId, string kind) => Query(
        StoredRows.Of("events", runId),
        "SELECT at, kind, message FROM events WHERE run = (SELECT seq FROM runs WHERE id = $1) AND kind = $2 ORDER BY rowid",
        row => new RunEvent(row.Time(), row.Text(), row.Text()), runId, kind);

    /// <summary>What of one kind was noted about runs, by the run's identifier.</summary>
    public ILookup<string, RunEvent> FindEvents(string kind) => Query(
        new StoredRows("events"),
        "SELECT r.id, e.at, e.kind, e.message FROM events e JOIN runs r ON r.seq = e.run WHERE e.kind = $1 ORDER BY e.rowid",
        row => (RunId: row.Text(), Event: new RunEvent(row.Time(), row.Text(), row.Text())), kind).ToLookup(each => each.RunId, each =>
            each.Event);

    /// <summary>The environments that a run was asked in, oldest first; none of runs that were made before they were recorded.</summary>
    public IReadOnlyList<RecordedEnvironment> GetEnvironments(string runId) => Query(
        StoredRows.Of("run_environments", runId),
        "SELECT at, environment FROM run_environments WHERE run = (SELECT seq FROM runs WHERE id = $1) ORDER BY at, rowid",
        row => new RecordedEnvironment(row.Time(), row.Parse(RunEnvironment.Parse, null!)), runId);

    /// <summary>The releases in the store.</summary>
    public IReadOnlyList<StoredRelease> ListReleases() => Query(
        new StoredRows("releases"), $"SELECT {ReleaseColumns} FROM releases ORDER BY rowid", ReadRelease);

    /// <summary>A release by its SHA-256; null when there is none.</summary>
    public StoredRelease? FindRelease(string sha256) =>
        Query(
            new StoredRows("releases"), $"SELECT {ReleaseColumns} FROM releases WHERE sha256 = $1", ReadRelease, sha256).SingleOrDefault();

    /// <summary>The case lines of a release as they stand in its JSONL file, by position.</summary>
    public IReadOnlyList<StoredCase> GetCases(string releaseSha256) => [.. StreamCases(releaseSha256)];

    /// <summary>A prompt by its hash; null when there is none.</summary>
    public StoredPrompt? FindPrompt(string hash) => Query(
        new StoredRows("prompts"),
        "SELECT hash, text, images FROM prompts WHERE hash = $1",
        row => new StoredPrompt(row.Text(), row.Text(), row.Parse(CheckImages, "[]")), hash).SingleOrDefault();

    /// <summary>Where an image lies, by its SHA-256; null when it was never sent.</summary>
    public StoredImage? FindImage(string sha256) => Query(
        new StoredRows("images"),
        "SELECT sha256, path, media_type, bytes FROM images WHERE sha256 = $1",
        row => new StoredImage(row.Text(), row.Text(), row.Text(), row.Long()), sha256).SingleOrDefault();

    // A connection per query: readers never wait for the writer, and none outlives its result.
    private List<T> Query<T>(StoredRows rows, string sql, Func<ColumnReader, T> read, params object[] values) =>
        [.. Stream(rows, sql, read, values)];

    private static string CheckImages(string json)
    {
        _ = StoredPrompt.ReadImages(json);
        return json;
    }

    // Only where it is asked for: what cannot be compared would be left out unseen.
    private static object[] Since(DateTimeOffset since) => since == default ? [] : [StoreTransaction.Time(since)];

    // What is left of a damaged row is used; that it is damaged is told.
    private static void Tell(ColumnReader row, string table, string? name)
    {
        if (row.TakeDamage() is { } column) DamageWatch.Tell(new DamagedRow(table, column, name));
    }

    // Of a release with cases nothing else is needed than them.
    private static StoredRelease ReadRelease(ColumnReader row)
    {
        var read = new StoredRelease(row.Text(), row.Text(), row.FilePath(), row.FilePath(), row.Position(), row.Position());
        if (read.Sha256.Length > 0) Tell(row, "releases", $"release {read.Sha256}");
        return read;
    }
}
