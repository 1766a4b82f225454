using Microsoft.Data.Sqlite;

namespace LiveClin.Core.Results.Engines;

/// <summary>Tables of the result store and the steps from one version to the next.</summary>
internal static class SqliteSchema
{
    /// <summary>SQLite's application_id of a LiveClin store: "LCLN".</summary>
    public const int ApplicationId = 0x4C434C4E;

    /// <summary>The version that this program writes (SQLite's user_version).</summary>
    public static int Version => Migrations.Length;

    // Step n leads from version n to n+1. A step that has been released is never edited.
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE releases (
            sha256 TEXT PRIMARY KEY, name TEXT NOT NULL, jsonl_path TEXT NOT NULL, image_root TEXT NOT NULL,
            cases INTEGER NOT NULL, questions INTEGER NOT NULL, added_at TEXT NOT NULL);
        CREATE TABLE cases (
            release TEXT NOT NULL REFERENCES releases, ordinal INTEGER NOT NULL, line INTEGER NOT NULL,
            case_id TEXT NOT NULL, file_name TEXT NOT NULL, json TEXT NOT NULL,
            PRIMARY KEY (release, ordinal));
        CREATE TABLE runs (
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, specification_key TEXT NOT NULL, idempotency_key TEXT UNIQUE,
            model TEXT NOT NULL, api_id TEXT NOT NULL, endpoint TEXT NOT NULL,
            release TEXT NOT NULL REFERENCES releases, release_name TEXT NOT NULL,
            image_mode TEXT NOT NULL, allow_missing_images INTEGER NOT NULL, case_limit INTEGER, parameters TEXT NOT NULL,
            status INTEGER NOT NULL, status_reason TEXT, started_at TEXT NOT NULL, finished_at TEXT,
            program_version TEXT NOT NULL, git_commit TEXT, machine TEXT NOT NULL, source TEXT NOT NULL);
        CREATE INDEX runs_by_specification ON runs (specification_key, seq);
        CREATE TABLE answers (
            run INTEGER NOT NULL REFERENCES runs, case_ordinal INTEGER NOT NULL, question INTEGER NOT NULL,
            outcome INTEGER NOT NULL, letter TEXT, rule INTEGER NOT NULL,
            reply TEXT, reasoning TEXT, finish_reason TEXT, error_kind TEXT, error_message TEXT,
            input_tokens INTEGER, cached_tokens INTEGER, output_tokens INTEGER, reasoning_tokens INTEGER,
            latency_ms REAL NOT NULL, attempts INTEGER NOT NULL, prompt_hash TEXT, completed_at TEXT NOT NULL,
            PRIMARY KEY (run, case_ordinal, question));
        CREATE TABLE prompts (hash TEXT PRIMARY KEY, text TEXT NOT NULL, images TEXT NOT NULL);
        CREATE TABLE images (sha256 TEXT PRIMARY KEY, path TEXT NOT NULL, media_type TEXT NOT NULL, bytes INTEGER NOT NULL);
        CREATE TABLE events (run INTEGER NOT NULL REFERENCES runs, at TEXT NOT NULL, kind TEXT NOT NULL, message TEXT NOT NULL);
        CREATE INDEX events_by_run ON events (run);
        """,
        // All that a tally needs: without it, counting 30 runs means reading past hundreds of megabytes of replies.
        "CREATE INDEX answers_by_outcome ON answers (run, case_ordinal, outcome, reply IS NULL);",
        IdentityMigration.Sql,
        // Conditions: which cases are asked and how, and the letter as shown where that is not the release's.
        """
        ALTER TABLE answers ADD COLUMN shown_letter TEXT;
        CREATE TABLE run_cases (
            run INTEGER NOT NULL REFERENCES runs, case_ordinal INTEGER NOT NULL, hash TEXT NOT NULL, questions TEXT NOT NULL,
            PRIMARY KEY (run, case_ordinal)) WITHOUT ROWID;
        """,
        // Names, environments, and tokens where a tally finds them without reading replies.
        """
        ALTER TABLE runs ADD COLUMN name TEXT;
        CREATE TABLE run_environments (run INTEGER NOT NULL REFERENCES runs, at TEXT NOT NULL, environment TEXT NOT NULL);
        CREATE INDEX run_environments_by_run ON run_environments (run);
        DROP INDEX answers_by_outcome;
        CREATE INDEX answers_by_outcome ON answers (
            run, epoch, case_ordinal, outcome, reply IS NULL, input_tokens, cached_tokens, output_tokens, reasoning_tokens);
        """,
        // What reviewers say of questions: the last word of each.
        """
        CREATE TABLE verdicts (
            release TEXT NOT NULL REFERENCES releases, topic INTEGER NOT NULL, case_ordinal INTEGER NOT NULL, question INTEGER NOT NULL,
            reviewer TEXT NOT NULL, holds INTEGER NOT NULL, decided_at TEXT NOT NULL,
            PRIMARY KEY (release, topic, case_ordinal, question, reviewer)) WITHOUT ROWID;
        """,
        // Where each answer came from, and by what a reply can be told from what a broken disk makes of it.
        "ALTER TABLE answers ADD COLUMN endpoint TEXT; ALTER TABLE answers ADD COLUMN checksum INTEGER;",
        // What callers of the service asked for under which key: the same key twice starts nothing twice, and means the same both times.
        """
        CREATE TABLE start_requests (
            idempotency_key TEXT PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, sha256 TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX start_requests_by_run ON start_requests (run);
        """,
    ];

    /// <summary>Brings a store to <see cref="Version"/>, all steps or none; refuses files that are not stores or are too new.</summary>
    public static void Migrate(SqliteConnection connection, string path)
    {
        var version = Check(connection, path);
        if (version == Version) return;
        IdentityMigration.Prepare(connection);
        using var transaction = connection.BeginTransaction();
        for (; version < Version; version++) Execute(connection, Migrations[version]);
        Execute(connection, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version};");
        transaction.Commit();
    }

    /// <summary>Returns the store's version after checking that this program may read it; 0 for an empty file.</summary>
    public static int Check(SqliteConnection connection, string path)
    {
        var application = Scalar(connection, "PRAGMA application_id");
        var version = Scalar(connection, "PRAGMA user_version");
        if (application == 0 && version == 0 && Scalar(connection, "SELECT count(*) FROM sqlite_master") == 0) return 0;
        if (application != ApplicationId)
            throw new StoreException(StoreProblem.NotAStore,
                $"{path} is an SQLite database but not a LiveClin store. Name another file with --store.");
        if (version > Version)
            throw new StoreException(StoreProblem.TooNew,
                $"{path} was written by a newer LiveClin (store version {version}; this program knows up to {Version}). Update the program, or name another file with --store. Nothing was changed.");
        return (int)version;
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
