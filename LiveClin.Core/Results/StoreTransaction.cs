using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LiveClin.Core.Cases;
using LiveClin.Core.Results.Engines;

namespace LiveClin.Core.Results;

/// <summary>The writes that a transaction of the store can make; used inside <see cref="ResultStore.WriteAsync"/> only.</summary>
public sealed partial class StoreTransaction : IDisposable
{
    private readonly StoreEngine _engine;
    private readonly DbConnection _connection;
    private readonly Dictionary<string, DbCommand> _prepared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _runs = new(StringComparer.Ordinal);

    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);

    internal StoreTransaction(StoreEngine engine, DbConnection connection) => (_engine, _connection) = (engine, connection);

    /// <summary>Adds a release with its cases unless it is there.</summary>
    public void AddRelease(Release release)
    {
        var added = Execute(
            "INSERT INTO releases VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
            release.Sha256, release.Name, release.JsonlPath, release.ImageRoot, release.Cases.Length, release.QuestionCount,
            Time(DateTimeOffset.UtcNow));
        if (added == 0)
        {
            // The same bytes may have moved since.
            Execute("UPDATE releases SET jsonl_path = $2, image_root = $3 WHERE sha256 = $1", release.Sha256, release.JsonlPath,
                release.ImageRoot);
            return;
        }

        foreach (var @case in release.Cases)
            Send(_engine.InsertCase, release.Sha256, @case.Ordinal, @case.Line, @case.Id, @case.FileName, @case.Json,
                @case.Questions.Length);
    }

    /// <summary>Replaces the stored text of a case by the release's.</summary>
    internal void PutCaseText(string releaseSha256, Case @case) => Execute(
        $"UPDATE cases SET json = {_engine.Text(3)} WHERE release = $1 AND ordinal = $2", releaseSha256, @case.Ordinal, Whole(@case.Json));

    /// <summary>
    /// True when no run has this identity that a start would continue, and none can get it before this transaction ends: of several
    /// processes that begin a run at once, one does.
    /// </summary>
    public bool IsNew(string identity)
    {
        Lock(identity);
        return Prepare("SELECT count(*) FROM runs WHERE identity = $1 AND source = 'run' AND superseded_by IS NULL", [identity])
            .ExecuteScalar() is 0L;
    }

    /// <summary>
    /// The same of a run that another store has: neither it is there, nor one that it is merged into, nor can such a one come before this
    /// transaction ends.
    /// </summary>
    internal bool IsNew(RunInfo run)
    {
        Lock(run.Specification.Identity);
        return Prepare(
            "SELECT count(*) FROM runs WHERE id = $1 OR ($2 = 1 AND identity = $3 AND source = $4 AND superseded_by IS NULL)",
            [run.Id, run.SupersededBy is null ? 1 : 0, run.Specification.Identity, run.Source]).ExecuteScalar() is 0L;
    }

    private void Lock(string identity)
    {
        if (_engine.LockInTransaction is { } sql) Prepare(sql, [KeyOf(identity)]).ExecuteNonQuery();
    }

    // Negative, where claims are positive.
    private static long KeyOf(string identity) =>
        long.MinValue | BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(identity)));

    /// <summary>Adds a run; its release must be there.</summary>
    public void AddRun(RunInfo run, string? idempotencyKey = null)
    {
        var spec = run.Specification;
        Execute(
            """
            INSERT INTO runs (id, identity, idempotency_key, model, api_id, endpoint, release, release_name, condition, image_mode, allow_missing_images,
                parameters, target, status, status_reason, started_at, finished_at, program_version, git_commit, machine, source, name)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                coalesce($22, (SELECT name FROM runs WHERE identity = $2 AND name IS NOT NULL LIMIT 1)))
            """,
            run.Id, spec.Identity, idempotencyKey, spec.Model, spec.ApiId, spec.Endpoint, spec.ReleaseSha256, spec.ReleaseName,
            spec.Condition,
            spec.ImageMode, spec.AllowMissingImages ? 1 : 0, spec.ParametersJson, run.Target.ToString(), (int)run.Status, run.StatusReason,
            Time(run.StartedAt), run.FinishedAt is { } end ? Time(end) : null, run.ProgramVersion, run.GitCommit, run.Machine, run.Source,
            run.Name);
    }

    /// <summary>Records that a run goes on, ended, was cancelled or failed.</summary>
    public void SetStatus(string runId, RunStatus status, string? reason, DateTimeOffset? finishedAt) =>
        Execute("UPDATE runs SET status = $2, status_reason = $3, finished_at = $4 WHERE seq = $1", Sequence(runId), (int)status, reason,
            finishedAt is { } end ? Time(end) : null);

    /// <summary>True while a write depends on a claim.</summary>
    internal bool IsClaimed { get; set; }

    /// <summary>
    /// Stores an answer. A reply that is stored is never replaced: only a question without a reply can get another answer.
    /// </summary>
    /// <exception cref="ClaimLostException">In a claimed conversation there is another reply already.</exception>
    /// <exception cref="StoreException">The answer was read as a damaged one, which must not become a sound one.</exception>
    public void PutAnswer(string runId, Answer answer)
    {
        if (answer.IsDamaged)
        {
            throw new StoreException(StoreProblem.Damaged, string.Create(CultureInfo.InvariantCulture,
                $"Run {runId}: the reply to question {answer.QuestionIndex + 1} of case {answer.CaseOrdinal + 1} (epoch {answer.Epoch}) is damaged where it comes from; it is not copied."));
        }

        var values = Values(runId, answer);
        if (IsClaimed) _claimed.Add((_sent, runId, answer));
        Send(Upsert, values);
    }

    // A transaction whose end the server did not tell may have been stored: the same reply again is no other one.
    private bool IsStored(string runId, Answer answer) => Prepare(
        "SELECT count(*) FROM answers WHERE run = $1 AND epoch = $2 AND case_ordinal = $3 AND question = $4 AND completed_at = $5",
        [Sequence(runId), answer.Epoch, answer.CaseOrdinal, answer.QuestionIndex, Time(answer.CompletedAt)]).ExecuteScalar() is > 0L;

    private string Upsert =>
        $"""
        INSERT INTO answers (run, epoch, case_ordinal, question, outcome, letter, shown_letter, rule, reply, reasoning, finish_reason, error_kind, error_message,
            input_tokens, cached_tokens, output_tokens, reasoning_tokens, latency_ms, attempts, prompt_hash, completed_at,
            endpoint, checksum)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, {_engine.Text(9)}, {_engine.Text(10)}, {_engine.Text(11)}, $12, {_engine.Text(13)}, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
        ON CONFLICT (run, epoch, case_ordinal, question) DO UPDATE SET
            outcome = excluded.outcome, letter = excluded.letter, shown_letter = excluded.shown_letter, rule = excluded.rule, reply = excluded.reply, reasoning = excluded.reasoning,
            finish_reason = excluded.finish_reason, error_kind = excluded.error_kind, error_message = excluded.error_message,
            input_tokens = excluded.input_tokens, cached_tokens = excluded.cached_tokens, output_tokens = excluded.output_tokens,
            reasoning_tokens = excluded.reasoning_tokens, latency_ms = excluded.latency_ms, attempts = answers.attempts + excluded.attempts,
            prompt_hash = excluded.prompt_hash, completed_at = excluded.completed_at, endpoint = excluded.endpoint, checksum = excluded.checksum
        WHERE answers.reply IS NULL
        """;

    private object?[] Values(string runId, Answer answer) =>
    [
        Sequence(runId), answer.Epoch, answer.CaseOrdinal, answer.QuestionIndex, (int)answer.Outcome, answer.Letter,
        answer.ShownLetter == answer.Letter ? null : answer.ShownLetter, (int)answer.Rule, Whole(answer.Reply),
        Whole(answer.Reasoning), Whole(answer.FinishReason), answer.ErrorKind, Whole(answer.ErrorMessage), answer.Usage.Input,
        answer.Usage.CachedInput,
        answer.Usage.Output, answer.Usage.Reasoning, answer.LatencyMs, answer.Attempts, answer.PromptHash, Time(answer.CompletedAt),
        answer.Endpoint, ReplyChecksum.Of(answer.Reply),
    ];

    /// <summary>
    /// Puts a reply's text back where it is the one that was written, which its checksum proves; otherwise nothing changes.
    /// </summary>
    internal void RestoreReply(string runId, Answer answer) => Execute(
        $"""
        UPDATE answers SET reply = {_engine.Text(5)}
        WHERE run = $1 AND epoch = $2 AND case_ordinal = $3 AND question = $4 AND checksum = $6
        """,
        Sequence(runId), answer.Epoch, answer.CaseOrdinal, answer.QuestionIndex, Whole(answer.Reply), ReplyChecksum.Of(answer.Reply));

    /// <summary>Replaces letter, rule and outcome of a stored reply after a change of the extraction rule.</summary>
    public void Rescore(string runId, Answer answer) => Execute(
        "UPDATE answers SET outcome = $5, letter = $6, shown_letter = $7, rule = $8 WHERE run = $1 AND epoch = $2 AND case_ordinal = $3 AND question = $4",
        Sequence(runId), answer.Epoch, answer.CaseOrdinal, answer.QuestionIndex, (int)answer.Outcome, answer.Letter,
        answer.ShownLetter == answer.Letter ? null : answer.ShownLetter, (int)answer.Rule);

    /// <summary>Stores a turn's prompt by its hash.</summary>
    /// <param name="hash">SHA-256, lower-case hexadecimal.</param>
    /// <param name="text">The user message's text.</param>
    /// <param name="imagesJson">JSON array of the SHA-256 of the images sent with it, in order.</param>
    public void PutPrompt(string hash, string text, string imagesJson) =>
        Send($"INSERT INTO prompts VALUES ($1, {_engine.Text(2)}, $3) ON CONFLICT DO NOTHING", hash, Whole(text), imagesJson);

    /// <summary>Stores where an image was read from, by its hash.</summary>
    public void PutImage(string sha256, string path, string mediaType, long bytes) =>
        Send("INSERT INTO images VALUES ($1, $2, $3, $4) ON CONFLICT (sha256) DO UPDATE SET path = excluded.path", sha256, path, mediaType,
            bytes);

    /// <summary>Notes something about a run: a resume, a changed program version, a failed vision check.</summary>
    public void AddEvent(string runId, string kind, string message, DateTimeOffset? at = null) =>
        Send("INSERT INTO events VALUES ($1, $2, $3, $4)", Sequence(runId), Time(at ?? DateTimeOffset.UtcNow), kind, message);

    /// <summary>Records the image that a run saw under a name; the first one stays.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="image">The image.</param>
    public void PutRunImage(string runId, RunImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Send(
            "INSERT INTO run_images VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            Sequence(runId), image.File, image.Sha256, image.Bytes, image.ModifiedAt?.ToString("O", CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in _prepared.Values) command.Dispose();
    }

    internal void Begin() => Execute(_engine.Begin);

    internal void Commit()
    {
        Flush();
        Execute("COMMIT");
    }

    internal void Rollback()
    {
        _waiting.Clear();
        _touched.Clear();
        _claimed.Clear();
        _sent = 0;
        _runs.Clear(); // may hold runs that this transaction added
        // SQLite rolls back by itself on some errors (a full disk), a lost connection in any case; a second ROLLBACK is then an error of
        // no interest.
        try { Execute("ROLLBACK"); }
        catch (Exception error) when (error is DbException or InvalidOperationException) { }
    }

    internal static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The runs that were written to since the last call.</summary>
    internal List<string> TakeChanged()
    {
        List<string> changed = [.. _changed];
        _changed.Clear();
        return changed;
    }

    private long Sequence(string runId)
    {
        _changed.Add(runId);
        return SequenceOf(runId);
    }

    /// <summary>The store's own number of a run.</summary>
    internal long SequenceOf(string runId)
    {
        if (_runs.TryGetValue(runId, out var known)) return known;
        var command = Prepare("SELECT seq FROM runs WHERE id = $1", [runId]);
        return _runs[runId] = command.ExecuteScalar() as long?
            ?? throw new StoreException(StoreProblem.Other, $"There is no run '{runId}'.");
    }
}
