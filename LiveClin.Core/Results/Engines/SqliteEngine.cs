using System.Data.Common;
using System.Globalization;
using LiveClin.Core.Releases;
using LiveClin.Core.Text;
using Microsoft.Data.Sqlite;

namespace LiveClin.Core.Results.Engines;

/// <summary>One SQLite file (WAL, synchronous=FULL): one process writes, any number read.</summary>
internal sealed class SqliteEngine : StoreEngine
{
    private const int CheckpointPatienceMs = 2000;
    private const char Replacement = '\uFFFD';
    private readonly SqliteReader _reader;
    private readonly SqliteLock? _lock;
    private readonly TemporaryStore? _copy;
    private readonly long? _maxPages;

    private SqliteEngine(string path, SqliteReader reader, SqliteLock? writerLock = null, TemporaryStore? copy = null,
        long? maxPages = null)
    {
        (Name, _reader, _lock, _copy, _maxPages) = (path, reader, writerLock, copy, maxPages);
        if (writerLock is not null) Warning = NetworkFolders.FindDoubt(path);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    public override bool IsShared => false;

    public override string Begin => "BEGIN IMMEDIATE";

    // A line that is no JSON any more has none; 2: what Python writes counts as JSON, NaN for example.
    public override string QuestionCount =>
        "CASE WHEN json_valid(json, 2) THEN coalesce(json_array_length(json, '$.exam_creation.final_policy.mcqs'), 0) ELSE 0 END";

    public override string InsertCase => "INSERT INTO cases VALUES ($1, $2, $3, $4, $5, $6)";

    // One process stores, as answers come.
    public override string OrderOfStoring => "completed_at, epoch, case_ordinal, question";

    public override string? LockInTransaction => null;

    /// <summary>The engine of a store that this process writes to.</summary>
    /// <param name="path">The file; its folder is created.</param>
    /// <param name="maxPages">Upper bound of the file in pages of 4 KiB; null for none.</param>
    public static SqliteEngine ForWriting(string path, long? maxPages)
    {
        path = Path.GetFullPath(path);
        SqliteLock? writerLock = null;
        try
        {
            RefuseFolder(path);
            var folder = Path.GetDirectoryName(path)!;
            Directory.CreateDirectory(folder);
            NetworkFolders.Refuse(path);
            CreatePrivate(path);
            path = OneName(path);
            // File systems of which little is known (FUSE) may hand no locks on: there the other one's own word counts.
            if (NetworkFolders.FindDoubt(path) is not null && StoreHolder.Find(path) is { IsMe: false } other && other.IsRunningHere())
                throw SqliteErrors.LockedBy(path);
            writerLock = SqliteLock.Take(path);
            StoreHolder.Announce(path);
            return new SqliteEngine(path, new SqliteReader(path), writerLock, maxPages: maxPages);
        }
        catch (Exception error)
        {
            writerLock?.Dispose();
            throw SqliteErrors.Explain(error, path);
        }
    }

    /// <summary>
    /// The engine of a store that is only read, also while another process writes, and where nothing can be written. One of an older
    /// version is read from a migrated copy and stays as it is.
    /// </summary>
    public static SqliteEngine ForReading(string path)
    {
        path = Path.GetFullPath(path);
        RefuseFolder(path);
        if (!File.Exists(path))
            throw new StoreException(StoreProblem.Missing,
                $"There is no store at {path}. Run an evaluation first, or name the file with --store.");
        path = OneName(path);
        var reader = new SqliteReader(path);
        try
        {
            using var connection = reader.Open();
            var version = SqliteSchema.Check(connection, path);
            if (version == 0) throw new StoreException(StoreProblem.Empty, $"{path} is empty: no run has been stored in it.");
            if (version == SqliteSchema.Version) return new SqliteEngine(path, reader);
            var copy = TemporaryStore.Migrated(connection);
            reader.Dispose();
            return new SqliteEngine(path, new SqliteReader(copy.File), copy: copy);
        }
        catch (Exception error)
        {
            reader.Dispose();
            throw SqliteErrors.Explain(error, path);
        }
    }

    public override DbConnection OpenReader() => _reader.Open();

    public override DbConnection OpenWriter()
    {
        var connection = Connect(new SqliteConnectionStringBuilder { DataSource = Name, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            // The store's version is checked before WAL is switched on: a file that is not ours stays as it is.
            SqliteSchema.Check(connection, Name);
            Execute(connection, "PRAGMA journal_mode = WAL");
            Execute(connection, "PRAGMA synchronous = FULL");
            Execute(connection, "PRAGMA foreign_keys = ON");
            SqliteSchema.Migrate(connection, Name);
            if (_maxPages is { } limit) Execute(connection, $"PRAGMA max_page_count = {limit}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public override string? FindVersion() => _reader.FindVersion();

    /// <summary>Who writes to the store now. Of a process on another machine only its own word is known.</summary>
    public override StoreHolder? FindWriter()
    {
        if (StoreHolder.Find(Name) is not { } holder) return null;
        return holder.Host != Environment.MachineName || holder.IsRunningHere() ? holder : null;
    }

    public override bool IsWorkedOn(long run) => FindWriter() is not null;

    public override void BackUpTo(string file) => SqliteBackup.Write(_reader.Open, file);

    // What cannot be moved now (a reader stays in the middle of it, the disk is full) is safe in the log, and moves later.
    public override void Checkpoint(DbConnection writer)
    {
        try
        {
            Execute((SqliteConnection)writer,
                $"PRAGMA busy_timeout = {CheckpointPatienceMs}; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = 0;");
        }
        catch (SqliteException)
        {
        }
    }

    public override StoreException Explain(Exception error) => SqliteErrors.Explain(error, Name);

    public override WriteFailure Classify(Exception error) => SqliteErrors.IsOfAll(error) ? WriteFailure.All : WriteFailure.OneWrite;

    // The file as a whole is locked already: nobody else can want a part of it.
    public override bool TryLock(DbConnection writer, long key) => true;

    public override void LockShared(DbConnection writer, long key)
    {
    }

    public override void Unlock(DbConnection writer, long key, bool isShared)
    {
    }

    public override int CountOthers(DbConnection writer, long key) => 0;

    public override string Text(int parameter) => string.Create(CultureInfo.InvariantCulture, $"CAST(${parameter} AS TEXT)");

    public override DbParameter CreateParameter(int number) =>
        new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"${number}") };

    public override object ToValue(object? value) => value ?? DBNull.Value;

    // The binding cuts a text of more than 512 bytes at a NUL character, and replaces what UTF-8 cannot hold; bytes that the statement
    // casts to text arrive whole.
    public override object? Whole(string? text) =>
        text is not null && (text.Contains('\0', StringComparison.Ordinal) || Wtf8.IsNeededFor(text)) ? Wtf8.Encode(text) : text;

    public override string ReadText(DbDataReader row, int column)
    {
        var text = row.GetString(column);
        // Either it was stored, or it stands for bytes that the binding does not know.
        return text.Contains(Replacement, StringComparison.Ordinal) ? Wtf8.Decode(row.GetFieldValue<byte[]>(column)) : text;
    }

    public override void Dispose()
    {
        _lock?.Dispose();
        _reader.Dispose();
        _copy?.Dispose();
    }

    internal static SqliteConnection Connect(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        return connection;
    }

    internal static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    // The file's own path: SQLite keeps what was written last beside that, whatever links lead there, and so does who writes to it. To be
    // found before any handle is opened: closing one ends the locks that this process has under another name.
    private static string OneName(string path)
    {
        path = RealPath.Of(path) ?? path;
        RequireRegular(path);
        HardLinks.Refuse(path);
        SingleFileMounts.Refuse(path);
        return path;
    }

    /// <summary>Refuses what is a folder, or is written like one, before it is looked for as a file, or one is made there.</summary>
    /// <exception cref="StoreException">It is.</exception>
    public static void RefuseFolder(string path)
    {
        if (!Directory.Exists(path) && !Path.EndsInDirectorySeparator(path)) return;
        throw new StoreException(StoreProblem.NotAStore,
            $"{path} is a folder, and a store is one file. Name a file in it, such as {Path.Combine(path, "liveclin.db")}.");
    }

    // SQLite waits for somebody to write into a pipe, for good.
    private static void RequireRegular(string path)
    {
        try
        {
            RegularFile.Require(path);
        }
        catch (IOException error)
        {
            throw new StoreException(StoreProblem.NotAStore, $"{error.Message} Name another file with --store.", error);
        }
    }

    /// <summary>Makes a store's file before SQLite does.</summary>
    // Replies and the prompts of unpublished releases are nobody else's; a mode that the owner has set stays. SQLite gives its own
    // companions the store's mode.
    internal static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows() || File.Exists(path)) return;
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        new FileStream(path, options).Dispose();
    }
}
