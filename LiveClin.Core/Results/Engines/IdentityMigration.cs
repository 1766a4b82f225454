using Microsoft.Data.Sqlite;

namespace LiveClin.Core.Results.Engines;

/// <summary>
/// The step to runs with identity, target and epochs. Old runs were asked as published and once; their limit is their target.
/// Runs that share an identity now (their limits differed) stay separate runs.
/// </summary>
internal static class IdentityMigration
{
    private const string IdentityOf = "liveclin_identity";

    public const string Sql =
        """
        ALTER TABLE runs ADD COLUMN identity TEXT NOT NULL DEFAULT '';
        ALTER TABLE runs ADD COLUMN condition TEXT NOT NULL DEFAULT 'published';
        ALTER TABLE runs ADD COLUMN target TEXT NOT NULL DEFAULT 'all';
        ALTER TABLE runs ADD COLUMN superseded_by TEXT;
        ALTER TABLE runs ADD COLUMN chosen INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE runs ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE runs ADD COLUMN tags TEXT NOT NULL DEFAULT '';
        UPDATE runs SET
            target = CASE WHEN case_limit < (SELECT cases FROM releases WHERE sha256 = release) THEN CAST(case_limit AS TEXT) ELSE 'all' END,
            identity = liveclin_identity(model, api_id, release, image_mode, allow_missing_images, parameters);
        DROP INDEX runs_by_specification;
        ALTER TABLE runs DROP COLUMN specification_key;
        ALTER TABLE runs DROP COLUMN case_limit;
        CREATE INDEX runs_by_identity ON runs (identity, seq);

        CREATE TABLE answers_by_epoch (
            run INTEGER NOT NULL REFERENCES runs, epoch INTEGER NOT NULL, case_ordinal INTEGER NOT NULL, question INTEGER NOT NULL,
            outcome INTEGER NOT NULL, letter TEXT, rule INTEGER NOT NULL,
            reply TEXT, reasoning TEXT, finish_reason TEXT, error_kind TEXT, error_message TEXT,
            input_tokens INTEGER, cached_tokens INTEGER, output_tokens INTEGER, reasoning_tokens INTEGER,
            latency_ms REAL NOT NULL, attempts INTEGER NOT NULL, prompt_hash TEXT, completed_at TEXT NOT NULL,
            PRIMARY KEY (run, epoch, case_ordinal, question));
        INSERT INTO answers_by_epoch SELECT run, 1, case_ordinal, question, outcome, letter, rule,
            reply, reasoning, finish_reason, error_kind, error_message,
            input_tokens, cached_tokens, output_tokens, reasoning_tokens,
            latency_ms, attempts, prompt_hash, completed_at FROM answers ORDER BY answers.rowid;
        DROP TABLE answers;
        ALTER TABLE answers_by_epoch RENAME TO answers;
        CREATE INDEX answers_by_outcome ON answers (run, epoch, case_ordinal, outcome, reply IS NULL);
        CREATE INDEX answers_without_reply ON answers (run, epoch, case_ordinal, error_kind) WHERE reply IS NULL;
        UPDATE runs SET status = 4 WHERE status = 1 AND EXISTS (SELECT 1 FROM answers WHERE run = seq AND reply IS NULL);

        CREATE TABLE run_images (
            run INTEGER NOT NULL REFERENCES runs, file TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, modified_at TEXT,
            PRIMARY KEY (run, file));
        INSERT OR IGNORE INTO run_images
            SELECT DISTINCT answers.run, substr(images.path, length(releases.image_root) + 2), images.sha256, images.bytes, NULL
            FROM answers
            JOIN runs ON runs.seq = answers.run
            JOIN releases ON releases.sha256 = runs.release
            JOIN prompts ON prompts.hash = answers.prompt_hash
            JOIN json_each(prompts.images) AS sent
            JOIN images ON images.sha256 = sent.value
            WHERE substr(images.path, 1, length(releases.image_root) + 1) = releases.image_root || '/';
        """;

    /// <summary>Gives SQLite the function that the step calls.</summary>
    public static void Prepare(SqliteConnection connection) => connection.CreateFunction(
        IdentityOf,
        (string model, string apiId, string release, string imageMode, long allowMissingImages, string parameters) => new RunSpecification
        {
            Model = model,
            ApiId = apiId,
            Endpoint = "",
            ReleaseSha256 = release,
            ReleaseName = "",
            ImageMode = imageMode,
            AllowMissingImages = allowMissingImages != 0,
            ParametersJson = parameters,
        }.Identity,
        isDeterministic: true);
}
