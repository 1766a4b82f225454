using LiveClin.Core.Answers;

namespace LiveClin.Core.Results;

public sealed partial class ResultStore
{
    private const string RunColumns =
        """
        id, model, api_id, endpoint, release, release_name, condition, image_mode, allow_missing_images, parameters, target, status, status_reason,
        started_at, finished_at, program_version, git_commit, machine, source, superseded_by, chosen, hidden, name, tags
        """;

    private const string AnswerColumns =
        """
        epoch, case_ordinal, question, outcome, letter, shown_letter, rule, reply, reasoning, finish_reason, error_kind, error_message,
        input_tokens, cached_tokens, output_tokens, reasoning_tokens, latency_ms, attempts, prompt_hash, completed_at, endpoint, checksum
        """;

    /// <summary>All runs, newest first.</summary>
    public IReadOnlyList<RunInfo> ListRuns() => Query($"SELECT {RunColumns} FROM runs ORDER BY seq DESC", ReadRun);

    /// <summary>A run by its identifier or an unambiguous beginning of it; null when there is none.</summary>
    /// <exception cref="StoreException">The beginning fits several runs.</exception>
    public RunInfo? FindRun(string id)
    {
        var exact = Query($"SELECT {RunColumns} FROM runs WHERE id = $1", ReadRun, id);
        if (exact.Count == 1) return exact[0];
        var similar = Query($"SELECT {RunColumns} FROM runs WHERE substr(id, 1, length($1)) = $1 ORDER BY seq DESC", ReadRun, id);
        return similar.Count switch
        {
            0 => null,
            1 => similar[0],
            _ => throw new StoreException(StoreProblem.Other,
                $"'{id}' fits {similar.Count} runs: {string.Join(", ", similar.Take(5).Select(r => r.Id))}{(similar.Count > 5 ? ", …" : "")}. Give more of it."),
        };
    }

    /// <summary>The run that was started under an idempotency key, if any.</summary>
    public RunInfo? FindRunByIdempotencyKey(string key) => Query($"SELECT {RunColumns} FROM runs WHERE idempotency_key = $1", ReadRun, key).SingleOrDefault();

    /// <summary>The request that a caller's key stands for; null when the key is new, or older than such records.</summary>
    public StartRequest? FindStartRequest(string key) => Query(
        "SELECT (SELECT id FROM runs WHERE seq = run), sha256 FROM start_requests WHERE idempotency_key = $1",
        row => new StartRequest(row.Text(), row.Text()), key).SingleOrDefault();

    /// <summary>
    /// The run that a start continues: of those with this identity that this program made and no fresh start has superseded, the one with
    /// most replies in the target, then the newest. Null when there is none.
    /// </summary>
    /// <param name="specification">What is asked.</param>
    /// <param name="target">How much of it.</param>
    public RunInfo? FindContinuable(RunSpecification specification, RunTarget target)
    {
        ArgumentNullException.ThrowIfNull(specification);
        var candidates = Query(
            $"SELECT {RunColumns} FROM runs WHERE identity = $1 AND source = '{RunInfo.Own}' AND superseded_by IS NULL ORDER BY seq DESC", ReadRun, specification.Identity);
        // Sorting is stable: of equal ones the newest stays first.
        return candidates.Count <= 1 ? candidates.FirstOrDefault() : candidates.OrderByDescending(run => Tally(run, target).QuestionsAnswered).First();
    }

    /// <summary>The answers of a run, by epoch, case and question.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="since">Only those completed at this time or later; all by default.</param>
    public IReadOnlyList<Answer> GetAnswers(string runId, DateTimeOffset since = default) => Query(
        $"SELECT {AnswerColumns} FROM answers WHERE run = (SELECT seq FROM runs WHERE id = $1) AND completed_at >= $2 ORDER BY epoch, case_ordinal, question", ReadAnswer, runId, StoreTransaction.Time(since));

    /// <summary>The answers of one epoch of a run, by case and question.</summary>
    public IReadOnlyList<Answer> GetEpoch(string runId, int epoch) => Query(
        $"SELECT {AnswerColumns} FROM answers WHERE run = (SELECT seq FROM runs WHERE id = $1) AND epoch = $2 ORDER BY case_ordinal, question", ReadAnswer, runId, epoch);

    /// <summary>What became of a run's questions in the epochs after the first, by epoch, case and question; no texts are read.</summary>
    public IReadOnlyList<EpochOutcome> GetLaterEpochs(string runId) => Query(
        """
        SELECT epoch, case_ordinal, question, outcome FROM answers
        WHERE run = (SELECT seq FROM runs WHERE id = $1) AND epoch > 1 ORDER BY epoch, case_ordinal, question
        """,
        row => new EpochOutcome(row.Integer(), row.Integer(), row.Integer(), (Outcome)row.Integer()),
        runId);

    /// <summary>The same, with a look at the replies: what became of a question whose reply is damaged is not known.</summary>
    public IReadOnlyList<EpochOutcome> CheckLaterEpochs(string runId) => Query(
        """
        SELECT epoch, case_ordinal, question, outcome, reply, checksum FROM answers
        WHERE run = (SELECT seq FROM runs WHERE id = $1) AND epoch > 1 ORDER BY epoch, case_ordinal, question
        """,
        row =>
        {
            var read = new EpochOutcome(row.Integer(), row.Integer(), row.Integer(), (Outcome)row.Integer());
            return IsDamaged(row.TextOrNull(), row.LongOrNull()) ? read with { Outcome = Outcome.NotRun, IsDamaged = true } : read;
        },
        runId);

    /// <summary>The answers of a run to the questions of one case, by epoch and question.</summary>
    public IReadOnlyList<Answer> GetAnswers(string runId, int caseOrdinal) => Query(
        $"SELECT {AnswerColumns} FROM answers WHERE run = (SELECT seq FROM runs WHERE id = $1) AND case_ordinal = $2 ORDER BY epoch, question", ReadAnswer, runId, caseOrdinal);

    /// <summary>The addresses that a run's answers came from, with the number of each, most first; none of answers whose address was not recorded.</summary>
    public IReadOnlyList<(string Endpoint, int Answers)> GetEndpoints(string runId) => Query(
        """
        SELECT endpoint, count(*) AS answers FROM answers
        WHERE run = (SELECT seq FROM runs WHERE id = $1) AND endpoint IS NOT NULL GROUP BY endpoint ORDER BY answers DESC, endpoint
        """,
        row => (row.Text(), row.Integer()), runId);

    /// <summary>The images that a run has seen, as they were then.</summary>
    public IReadOnlyList<RunImage> GetRunImages(string runId) => Query(
        "SELECT file, sha256, bytes, modified_at FROM run_images WHERE run = (SELECT seq FROM runs WHERE id = $1) ORDER BY file",
        row => new RunImage(row.Text(), row.Text(), row.Long(), row.TimeOrNull()), runId);

    /// <summary>What was noted about a run, oldest first.</summary>
    public IReadOnlyList<RunEvent> GetEvents(string runId) => Query(
        "SELECT at, kind, message FROM events WHERE run = (SELECT seq FROM runs WHERE id = $1) ORDER BY rowid",
        row => new RunEvent(row.Time(), row.Text(), row.Text()), runId);

    /// <summary>Those of one kind.</summary>
    public IReadOnlyList<RunEvent> GetEvents(string runId, string kind) => Query(
        "SELECT at, kind, message FROM events WHERE run = (SELECT seq FROM runs WHERE id = $1) AND kind = $2 ORDER BY rowid",
        row => new RunEvent(row.Time(), row.Text(), row.Text()), runId, kind);

    /// <summary>What of one kind was noted about runs, by the run's identifier.</summary>
    public ILookup<string, RunEvent> FindEvents(string kind) => Query(
        "SELECT r.id, e.at, e.kind, e.message FROM events e JOIN runs r ON r.seq = e.run WHERE e.kind = $1 ORDER BY e.rowid",
        row => (RunId: row.Text(), Event: new RunEvent(row.Time(), row.Text(), row.Text())), kind).ToLookup(each => each.RunId, each => each.Event);

    /// <summary>The environments that a run was asked in, oldest first; none of runs that were made before they were recorded.</summary>
    public IReadOnlyList<RecordedEnvironment> GetEnvironments(string runId) => Query(
        "SELECT at, environment FROM run_environments WHERE run = (SELECT seq FROM runs WHERE id = $1) ORDER BY at, rowid",
        row => new RecordedEnvironment(row.Time(), RunEnvironment.Parse(row.Text())), runId);

    /// <summary>The releases in the store.</summary>
    public IReadOnlyList<StoredRelease> ListReleases() => Query("SELECT sha256, name, jsonl_path, image_root, cases, questions FROM releases ORDER BY rowid", ReadRelease);

    /// <summary>A release by its SHA-256; null when there is none.</summary>
    public StoredRelease? FindRelease(string sha256) =>
        Query("SELECT sha256, name, jsonl_path, image_root, cases, questions FROM releases WHERE sha256 = $1", ReadRelease, sha256).SingleOrDefault();

    /// <summary>The case lines of a release as they stand in its JSONL file, by position.</summary>
    public IReadOnlyList<StoredCase> GetCases(string releaseSha256) => [.. StreamCases(releaseSha256)];

    /// <summary>A prompt by its hash; null when there is none.</summary>
    public StoredPrompt? FindPrompt(string hash) => Query(
        "SELECT hash, text, images FROM prompts WHERE hash = $1", row => new StoredPrompt(row.Text(), row.Text(), row.Text()), hash).SingleOrDefault();

    /// <summary>Where an image lies, by its SHA-256; null when it was never sent.</summary>
    public StoredImage? FindImage(string sha256) => Query(
        "SELECT sha256, path, media_type, bytes FROM images WHERE sha256 = $1",
        row => new StoredImage(row.Text(), row.Text(), row.Text(), row.Long()), sha256).SingleOrDefault();

    // A connection per query: readers never wait for the writer, and none outlives its result.
    private List<T> Query<T>(string sql, Func<ColumnReader, T> read, params object[] values) => [.. Stream(sql, read, values)];

    private static RunInfo ReadRun(ColumnReader next)
    {
        return new RunInfo
        {
            Id = next.Text(),
            Specification = new RunSpecification
            {
                Model = next.Text(),
                ApiId = next.Text(),
                Endpoint = next.Text(),
                ReleaseSha256 = next.Text(),
                ReleaseName = next.Text(),
                Condition = next.Text(),
                ImageMode = next.Text(),
                AllowMissingImages = next.Flag(),
                ParametersJson = next.Text(),
            },
            Target = RunTarget.Parse(next.Text()),
            Status = (RunStatus)next.Integer(),
            StatusReason = next.TextOrNull(),
            StartedAt = next.Time(),
            FinishedAt = next.TimeOrNull(),
            ProgramVersion = next.Text(),
            GitCommit = next.TextOrNull(),
            Machine = next.Text(),
            Source = next.Text(),
            SupersededBy = next.TextOrNull(),
            IsChosen = next.Flag(),
            IsHidden = next.Flag(),
            Name = next.TextOrNull(),
            Tags = StoreTransaction.ReadTags(next.Text()),
        };
    }

    private static Answer ReadAnswer(ColumnReader next)
    {
        var answer = new Answer
        {
            Epoch = next.Integer(),
            CaseOrdinal = next.Integer(),
            QuestionIndex = next.Integer(),
            Outcome = (Outcome)next.Integer(),
            Letter = next.TextOrNull(),
            ShownLetter = next.TextOrNull(),
            Rule = (ExtractionRule)next.Integer(),
            Reply = next.TextOrNull(),
            Reasoning = next.TextOrNull(),
            FinishReason = next.TextOrNull(),
            ErrorKind = next.TextOrNull(),
            ErrorMessage = next.TextOrNull(),
            Usage = new TokenUsage(next.LongOrNull(), next.LongOrNull(), next.LongOrNull(), next.LongOrNull()),
            LatencyMs = next.Double(),
            Attempts = next.Integer(),
            PromptHash = next.TextOrNull(),
            CompletedAt = next.Time(),
            Endpoint = next.TextOrNull(),
        };
        return IsDamaged(answer.Reply, next.LongOrNull()) ? answer with { IsDamaged = true } : answer;
    }

    // Replies from before there were checksums have none.
    private static bool IsDamaged(string? reply, long? checksum) => checksum is not null && checksum != ReplyChecksum.Of(reply);

    private static StoredRelease ReadRelease(ColumnReader row) =>
        new(row.Text(), row.Text(), row.Text(), row.Text(), row.Integer(), row.Integer());
}
