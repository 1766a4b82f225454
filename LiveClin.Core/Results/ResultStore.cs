using LiveClin.Core.Results.Engines;

namespace LiveClin.Core.Results;

/// <summary>
/// Every answer of every run, in one SQLite file, which one process writes and any number read, or in a PostgreSQL database, which any
/// number of processes write. A write is durable when its task completes.
/// </summary>
public sealed partial class ResultStore : IAsyncDisposable
{
    private readonly StoreEngine _engine;
    private readonly StoreWriter? _writer;

    private ResultStore(StoreEngine engine, StoreWriter? writer = null) => (_engine, _writer) = (engine, writer);

    /// <summary>What commands and messages call the store: the full path of its file, or a database's address without a password.</summary>
    public string Path => _engine.Name;

    /// <summary>What the user should know before relying on the store; null when there is nothing to say.</summary>
    public string? Warning => _engine.Warning;

    /// <summary>Opens a store for writing; creates or migrates it where needed.</summary>
    /// <param name="store">A file, whose folder is created, or a database (<see cref="StoreLocation"/>).</param>
    /// <param name="maxPages">Upper bound of a file in pages of 4 KiB; null for none.</param>
    /// <exception cref="StoreException">Locked by another process, not a store, too new, not writable, or not reached.</exception>
    public static ResultStore Open(string store, long? maxPages = null)
    {
        if (StoreLocation.Parse(store).Database is { } database) return Open(database, mayBegin: true);
        var engine = SqliteEngine.ForWriting(store, maxPages);
        try
        {
            return new ResultStore(engine, new StoreWriter(engine, engine.OpenWriter()));
        }
        catch (Exception error)
        {
            engine.Dispose();
            throw engine.Explain(error);
        }
    }

    /// <summary>Opens a store for writing that is there already, for a change of what is in it: nothing is created.</summary>
    /// <param name="store">A file or a database.</param>
    /// <exception cref="StoreException">As <see cref="Open(string, long?)"/>, or there is none, or an empty database.</exception>
    public static ResultStore OpenExisting(string store)
    {
        if (StoreLocation.Parse(store).Database is { } database) return Open(database, mayBegin: false);
        SqliteEngine.RefuseFolder(System.IO.Path.GetFullPath(store));
        return File.Exists(store) ? Open(store) : throw new StoreException(
            StoreProblem.Missing, $"There is no store at {System.IO.Path.GetFullPath(store)}. Name the file with --store.");
    }

    /// <summary>Opens a database whose outages are waited for no longer than this.</summary>
    internal static ResultStore Open(string database, TimeSpan patience) =>
        Open(StoreLocation.Parse(database).Database!, mayBegin: true, patience);

    private static ResultStore Open(PostgresAddress database, bool mayBegin, TimeSpan? patience = null)
    {
        var (server, writer) = PostgresEngine.ForWriting(database, mayBegin, patience);
        return new ResultStore(server, new StoreWriter(server, writer));
    }

    /// <summary>
    /// Opens a store for reading, also while others write, and where nothing can be written. A file of an older version is read from a
    /// migrated copy and stays as it is.
    /// </summary>
    /// <exception cref="StoreException">Missing, not a store, too new, damaged, or not reached.</exception>
    public static ResultStore OpenReadOnly(string store) =>
        new(StoreLocation.Parse(store).Database is { } database ? PostgresEngine.ForReading(database) : SqliteEngine.ForReading(store));

    /// <summary>Runs <paramref name="write"/> inside the next transaction; completes when it is on disk.</summary>
    /// <exception cref="StoreException">The write failed; nothing of it was stored.</exception>
    /// <exception cref="InvalidOperationException">The store was opened for reading.</exception>
    public Task WriteAsync(Action<StoreTransaction> write) => Writer.WriteAsync(write);

    /// <summary>The same for a conversation that this process has claimed.</summary>
    /// <param name="write">May run more than once: what was rolled back is tried again.</param>
    /// <param name="claim">The claim.</param>
    /// <param name="giveUp">Ends the waiting for a database that is gone.</param>
    /// <exception cref="StoreException">The write failed; nothing of it was stored.</exception>
    /// <exception cref="ClaimLostException">Another process has the conversation now; nothing was stored.</exception>
    public Task WriteClaimedAsync(Action<StoreTransaction> write, ConversationClaim claim, CancellationToken giveUp) =>
        Writer.WriteAsync(write, claim, giveUp);

    /// <summary>The same, without waiting any longer than this for a database that is gone.</summary>
    public Task WriteUnlessGoneAsync(Action<StoreTransaction> write, CancellationToken giveUp) => Writer.WriteAsync(write, giveUp: giveUp);

    /// <summary>Puts everything that is stored into the one file, so that a plain copy of it holds all.</summary>
    /// <exception cref="InvalidOperationException">The store was opened for reading.</exception>
    public Task CheckpointAsync() => Writer.CheckpointAsync();

    /// <summary>
    /// Writes a copy of the store as it is at this moment, also while another process writes to it: one file that holds all.
    /// </summary>
    /// <param name="file">The copy; must not exist.</param>
    /// <exception cref="StoreException">The copy exists already or cannot be written; a database is backed up by its own tools.</exception>
    public void BackUpTo(string file) => _engine.BackUpTo(file);

    /// <summary>Asks a database's server for a sign of life, without waiting for one that is gone; a file needs none.</summary>
    /// <exception cref="StoreException">It cannot be reached, or does not let this program in.</exception>
    public Task PingAsync(CancellationToken cancellationToken) => _engine.PingAsync(cancellationToken);

    /// <summary>Who writes to the store now; null when nobody does.</summary>
    public StoreHolder? FindWriter() => _engine.FindWriter();

    /// <summary>Waits for all writes, puts them into the one file and closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_writer is not null) await _writer.DisposeAsync().ConfigureAwait(false);
        _engine.Dispose();
    }

    private StoreWriter Writer => _writer ?? throw new InvalidOperationException($"{Path} was opened for reading only.");
}
