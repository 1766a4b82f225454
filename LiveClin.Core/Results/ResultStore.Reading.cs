using System.Globalization;
using LiveClin.Core.Answers;
using Microsoft.Data.Sqlite;

namespace LiveClin.Core.Results;

public sealed partial class ResultStore
{
    private const string RunColumns =
        "id, model, api_id, endpoint, release, release_name, image_mode, allow_missing_images, case_limit, parameters, status, status_reason, started_at, finished_at, program_version, git_commit, machine, source";

    private const string AnswerColumns =
        """
        case_ordinal, question, outcome, letter, rule, reply, reasoning, finish_reason, error_kind, error_message,
        input_tokens, cached_tokens, output_tokens, reasoning_tokens, latency_ms, attempts, prompt_hash, completed_at
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
            _ => throw new StoreException(StoreProblem.Other, $"'{id}' fits {similar.Count} runs: {string.Join(", ", similar.Take(5).Select(r => r.Id))}. Give more of it."),
        };
    }

    /// <summary>The run that was started under an idempotency key, if any.</summary>
    public RunInfo? FindRunByIdempotencyKey(string key) => Query($"SELECT {RunColumns} FROM runs WHERE idempotency_key = $1", ReadRun, key).SingleOrDefault();

    /// <summary>The newest run with this specification that is not complete: interrupted, or with questions that failed; null when there is none.</summary>
    public RunInfo? FindResumable(RunSpecification specification) => Query(
        $"""
        SELECT {RunColumns} FROM runs WHERE specification_key = $1 AND source = 'run'
            AND (status <> {(int)RunStatus.Completed}
                OR EXISTS (SELECT 1 FROM answers WHERE run = seq AND reply IS NULL AND outcome IN ({(int)Outcome.Failed}, {(int)Outcome.NotRun}, {(int)Outcome.Truncated})))
        ORDER BY seq DESC LIMIT 1
        """, ReadRun, specification.Key).SingleOrDefault();

    /// <summary>The answers of a run, by case and question.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="since">Only those completed at this time or later; all by default.</param>
    public IReadOnlyList<Answer> GetAnswers(string runId, DateTimeOffset since = default) => Query(
        $"SELECT {AnswerColumns} FROM answers WHERE run = (SELECT seq FROM runs WHERE id = $1) AND completed_at >= $2 ORDER BY case_ordinal, question", ReadAnswer, runId, StoreTransaction.Time(since));

    /// <summary>The answers of a run to the questions of one case, in order.</summary>
    public IReadOnlyList<Answer> GetAnswers(string runId, int caseOrdinal) => Query(
        $"SELECT {AnswerColumns} FROM answers WHERE run = (SELECT seq FROM runs WHERE id = $1) AND case_ordinal = $2 ORDER BY question", ReadAnswer, runId, caseOrdinal);

    /// <summary>What was noted about a run, oldest first.</summary>
    public IReadOnlyList<RunEvent> GetEvents(string runId) => Query(
        "SELECT at, kind, message FROM events WHERE run = (SELECT seq FROM runs WHERE id = $1) ORDER BY rowid",
        row => new RunEvent(ReadTime(row, 0), row.GetString(1), row.GetString(2)), runId);

    /// <summary>The releases in the store.</summary>
    public IReadOnlyList<StoredRelease> ListReleases() => Query("SELECT sha256, name, jsonl_path, image_root, cases, questions FROM releases ORDER BY rowid", ReadRelease);

    /// <summary>A release by its SHA-256; null when there is none.</summary>
    public StoredRelease? FindRelease(string sha256) =>
        Query("SELECT sha256, name, jsonl_path, image_root, cases, questions FROM releases WHERE sha256 = $1", ReadRelease, sha256).SingleOrDefault();

    /// <summary>The case lines of a release as they stand in its JSONL file, by position.</summary>
    public IReadOnlyList<StoredCase> GetCases(string releaseSha256) => Query(
        "SELECT ordinal, line, case_id, file_name, json FROM cases WHERE release = $1 ORDER BY ordinal",
        row => new StoredCase(row.GetInt32(0), row.GetInt32(1), row.GetString(2), row.GetString(3), row.GetString(4)), releaseSha256);

    /// <summary>A prompt by its hash; null when there is none.</summary>
    public StoredPrompt? FindPrompt(string hash) => Query(
        "SELECT hash, text, images FROM prompts WHERE hash = $1", row => new StoredPrompt(row.GetString(0), row.GetString(1), row.GetString(2)), hash).SingleOrDefault();

    /// <summary>Where an image lies, by its SHA-256; null when it was never sent.</summary>
    public StoredImage? FindImage(string sha256) => Query(
        "SELECT sha256, path, media_type, bytes FROM images WHERE sha256 = $1",
        row => new StoredImage(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3)), sha256).SingleOrDefault();

    private List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params object[] values)
    {
        try
        {
            // A connection per query: readers never wait for the writer, and none outlives its result.
            using var connection = Connect(_connectionString);
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue("$" + (i + 1).ToString(CultureInfo.InvariantCulture), values[i]);
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read()) rows.Add(read(reader));
            return rows;
        }
        catch (SqliteException error)
        {
            throw StoreErrors.Explain(error, Path);
        }
    }

    private static RunInfo ReadRun(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Specification = new RunSpecification
        {
            Model = row.GetString(1),
            ApiId = row.GetString(2),
            Endpoint = row.GetString(3),
            ReleaseSha256 = row.GetString(4),
            ReleaseName = row.GetString(5),
            ImageMode = row.GetString(6),
            AllowMissingImages = row.GetInt32(7) != 0,
            Limit = row.IsDBNull(8) ? null : row.GetInt32(8),
            ParametersJson = row.GetString(9),
        },
        Status = (RunStatus)row.GetInt32(10),
        StatusReason = Text(row, 11),
        StartedAt = ReadTime(row, 12),
        FinishedAt = row.IsDBNull(13) ? null : ReadTime(row, 13),
        ProgramVersion = row.GetString(14),
        GitCommit = Text(row, 15),
        Machine = row.GetString(16),
        Source = row.GetString(17),
    };

    private static Answer ReadAnswer(SqliteDataReader row) => new()
    {
        CaseOrdinal = row.GetInt32(0),
        QuestionIndex = row.GetInt32(1),
        Outcome = (Outcome)row.GetInt32(2),
        Letter = Text(row, 3),
        Rule = (ExtractionRule)row.GetInt32(4),
        Reply = Text(row, 5),
        Reasoning = Text(row, 6),
        FinishReason = Text(row, 7),
        ErrorKind = Text(row, 8),
        ErrorMessage = Text(row, 9),
        Usage = new TokenUsage(Number(row, 10), Number(row, 11), Number(row, 12), Number(row, 13)),
        LatencyMs = row.GetDouble(14),
        Attempts = row.GetInt32(15),
        PromptHash = Text(row, 16),
        CompletedAt = ReadTime(row, 17),
    };

    private static StoredRelease ReadRelease(SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt32(4), row.GetInt32(5));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static long? Number(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private static DateTimeOffset ReadTime(SqliteDataReader row, int column) =>
        DateTimeOffset.Parse(row.GetString(column), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
