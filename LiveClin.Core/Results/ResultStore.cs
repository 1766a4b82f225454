using System.Runtime.Versioning;
using Microsoft.Data.Sqlite;

namespace LiveClin.Core.Results;

/// <summary>
/// Every answer of every run, in one SQLite file (WAL, synchronous=FULL). One process writes; any number may read.
/// A write is durable when its task completes.
/// </summary>
public sealed partial class ResultStore : IAsyncDisposable
{
    private readonly StoreReader _reader;
    private readonly SqliteConnection? _writeConnection;
    private readonly StoreWriter? _writer;
    private readonly FileStream? _writerLock;
    private readonly TemporaryStore? _copy;

    private ResultStore(string path, StoreReader reader, SqliteConnection? writeConnection = null, FileStream? writerLock = null, TemporaryStore? copy = null)
    {
        Path = path;
        _copy = copy;
        _reader = reader;
        _writeConnection = writeConnection;
        _writerLock = writerLock;
        if (writeConnection is not null) _writer = new StoreWriter(writeConnection, path);
    }

    /// <summary>Full path of the store's file.</summary>
    public string Path { get; }

    /// <summary>Opens a store for writing; creates or migrates it where needed.</summary>
    /// <param name="path">The file; its folder is created.</param>
    /// <param name="maxPages">Upper bound of the file in pages of 4 KiB; null for none.</param>
    /// <exception cref="StoreException">Locked by another process, not a store, too new, or not writable.</exception>
    public static ResultStore Open(string path, long? maxPages = null)
    {
        path = System.IO.Path.GetFullPath(path);
        FileStream? writerLock = null;
        SqliteConnection? connection = null;
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            CreatePrivate(path);
            writerLock = TakeWriterLock(path);
            StoreHolder.Announce(path);
            var connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 5 }.ToString();
            connection = Connect(connectionString);
            // The store's version is checked before WAL is switched on: a file that is not ours stays as it is.
            StoreSchema.Check(connection, path);
            Execute(connection, "PRAGMA journal_mode = WAL");
            Execute(connection, "PRAGMA synchronous = FULL");
            Execute(connection, "PRAGMA foreign_keys = ON");
            StoreSchema.Migrate(connection, path);
            if (maxPages is { } limit) Execute(connection, $"PRAGMA max_page_count = {limit}");
            return new ResultStore(path, new StoreReader(path), connection, writerLock);
        }
        catch (Exception error)
        {
            connection?.Dispose();
            if (writerLock is not null) StoreHolder.Leave(path);
            writerLock?.Dispose();
            throw StoreErrors.Explain(error, path);
        }
    }

    /// <summary>
    /// Opens a store for reading, also while another process writes, and where nothing can be written. One of an older version is read from a
    /// migrated copy and stays as it is.
    /// </summary>
    /// <exception cref="StoreException">Missing, not a store, too new, or damaged.</exception>
    public static ResultStore OpenReadOnly(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        if (!File.Exists(path))
            throw new StoreException(StoreProblem.Missing, $"There is no store at {path}. Run an evaluation first, or name the file with --store.");
        var reader = new StoreReader(path);
        try
        {
            using var connection = reader.Open();
            var version = StoreSchema.Check(connection, path);
            if (version == 0) throw new StoreException(StoreProblem.NotAStore, $"{path} is empty: no run has been stored in it.");
            if (version == StoreSchema.Version) return new ResultStore(path, reader);
            var copy = TemporaryStore.Migrated(connection);
            reader.Dispose();
            return new ResultStore(path, new StoreReader(copy.File), copy: copy);
        }
        catch (Exception error)
        {
            reader.Dispose();
            throw StoreErrors.Explain(error, path);
        }
    }

    /// <summary>Runs <paramref name="write"/> inside the next transaction; completes when it is on disk.</summary>
    /// <exception cref="StoreException">The write failed; nothing of it was stored.</exception>
    /// <exception cref="InvalidOperationException">The store was opened for reading.</exception>
    public Task WriteAsync(Action<StoreTransaction> write) =>
        (_writer ?? throw new InvalidOperationException($"{Path} was opened for reading only.")).WriteAsync(write);

    /// <summary>Puts everything that is stored into the one file, so that a plain copy of it holds all.</summary>
    /// <exception cref="InvalidOperationException">The store was opened for reading.</exception>
    public Task CheckpointAsync() =>
        (_writer ?? throw new InvalidOperationException($"{Path} was opened for reading only.")).CheckpointAsync();

    /// <summary>Waits for all writes, puts them into the one file and closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_writer is not null) await _writer.DisposeAsync().ConfigureAwait(false);
        _writeConnection?.Dispose();
        if (_writerLock is not null) StoreHolder.Leave(Path);
        _writerLock?.Dispose();
        _reader.Dispose();
        _copy?.Dispose();
    }

    // Replies and the prompts of unpublished releases are nobody else's; a mode that the owner has set stays. SQLite gives its own companions the store's mode.
    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows() || File.Exists(path)) return;
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        new FileStream(path, options).Dispose();
    }

    // Released by the operating system however the process ends, so a crash never leaves a stale lock.
    private static FileStream TakeWriterLock(string path)
    {
        try
        {
            var file = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            if (!OperatingSystem.IsWindows()) GiveMode(file, File.GetUnixFileMode(path));
            return file;
        }
        catch (IOException error) when (File.Exists(path + ".lock"))
        {
            throw StoreErrors.LockedBy(path, error);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void GiveMode(FileStream file, UnixFileMode mode)
    {
        try
        {
            File.SetUnixFileMode(file.SafeFileHandle, mode);
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's, who shares the store: it has a mode already.
        }
    }

    internal static SqliteConnection Connect(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
