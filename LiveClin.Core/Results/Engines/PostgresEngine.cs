using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using LiveClin.Core.Text;
using Npgsql;

namespace LiveClin.Core.Results.Engines;

/// <summary>A PostgreSQL database: any number of processes write and read.</summary>
internal sealed class PostgresEngine : StoreEngine
{
    // Answers that cost GPU time wait this long before a run stops.
    private static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(10);

    // How long a restart may take before those who only read, or just begin, are told.
    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(15), RestartPause = TimeSpan.FromMilliseconds(100);

    // Reading is synchronous, and each who waits for a restart keeps a thread of the pool: more than these are told at once, so that the
    // conversations of the same process have threads to go on with.
    private static readonly int MostWaiting = Math.Max(4, 2 * Environment.ProcessorCount);
    private int _waiting;
    private readonly NpgsqlDataSource _readers;
    private readonly string _writer, _sessionSettings;
    private readonly TimeSpan _patience;
    private bool _isEstablished, _mayBegin;
    private int _session; // the server's number of the writer's session

    private PostgresEngine(PostgresAddress address, TimeSpan? patience = null)
    {
        (Name, _patience) = (address.Name, patience ?? UsualPatience);
        var session = new PostgresSession(address.Settings());
        (_writer, _sessionSettings) = (session.Writer, session.WriterSettings);
        try
        {
            _readers = new NpgsqlDataSourceBuilder(session.Readers).Build();
        }
        catch (ArgumentException error) // words that do not go together
        {
            throw PostgresErrors.Explain(error, Name);
        }
    }

    public override string Name { get; }

    public override bool IsShared => true;

    public override TimeSpan Patience => _patience;

    public override string Begin => "BEGIN";

    public override string QuestionCount => "questions";

    public override string InsertCase => "INSERT INTO cases VALUES ($1, $2, $3, $4, $5, $6, $7)";

    // The oldest transaction first; the answers of one by their own times.
    public override string OrderOfStoring => "age(xmin) DESC, completed_at, epoch, case_ordinal, question";

    public override string? LockInTransaction => "SELECT pg_advisory_xact_lock($1)";

    /// <summary>An engine that only reads, after a look at what is there.</summary>
    public static PostgresEngine ForReading(PostgresAddress address)
    {
        var engine = new PostgresEngine(address);
        try
        {
            using var connection = engine._readers.OpenConnection();
            var version = PostgresSchema.Check(connection, engine.Name);
            if (version == 0) throw engine.IsEmpty();
            engine._isEstablished = true;
            return version == PostgresSchema.Version ? engine : throw new StoreException(
                StoreProblem.Other,
                $"{engine.Name} was written by an older LiveClin (store version {version}, this program reads {PostgresSchema.Version}). Any command that writes, such as 'runs tag', brings it up to date.");
        }
        catch (Exception error)
        {
            engine.Dispose();
            throw PostgresErrors.Explain(error, engine.Name);
        }
    }

    /// <summary>An engine that writes; a server that is just restarting is waited for.</summary>
    /// <param name="address">Where the database is.</param>
    /// <param name="mayBegin">True when an empty database becomes a store; otherwise it is refused.</param>
    /// <param name="patience">How long writes wait for a server that is gone; null for ten minutes.</param>
    public static (PostgresEngine Engine, DbConnection Writer) ForWriting(PostgresAddress address, bool mayBegin, TimeSpan? patience)
    {
        var engine = new PostgresEngine(address, patience) { _isEstablished = true, _mayBegin = mayBegin };
        try
        {
            return (engine, engine.WhileRestarting(engine.OpenWriter));
        }
        catch (Exception error)
        {
            engine.Dispose();
            throw PostgresErrors.Explain(error, engine.Name);
        }
    }

    public override DbConnection OpenReader() => WhileRestarting(_readers.OpenConnection);

    public override void Reopen(DbConnection reader)
    {
        Missed.Note(isUnreachable: false);
        WhileRestarting(() =>
        {
            reader.Close();
            reader.Open();
            return reader;
        });
    }

    // A connection from the pool may be one that the server has given up since.
    private T Read<T>(Func<NpgsqlConnection, T> read)
    {
        using var connection = WhileRestarting(_readers.OpenConnection);
        try
        {
            return read(connection);
        }
        catch (NpgsqlException error) when (Classify(error) == WriteFailure.Disconnected)
        {
            Reopen(connection);
            return read(connection);
        }
    }

    // Where a store was open already, or is to be written to, a server that is gone is expected back.
    private T WhileRestarting<T>(Func<T> open)
    {
        try
        {
            return Reached(open());
        }
        catch (Exception error) when (_isEstablished && Classify(error) == WriteFailure.Disconnected)
        {
            Missed.Note(isUnreachable: true);
            try
            {
                if (Interlocked.Increment(ref _waiting) > MostWaiting) throw;
                return Reached(WaitFor(open));
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
    }

    private T Reached<T>(T opened)
    {
        Missed.End(lasted => Outage.WasWithin(lasted));
        return opened;
    }

    private T WaitFor<T>(Func<T> open)
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            Thread.Sleep(RestartPause);
            try
            {
                return open();
            }
            // A server that the writer has missed for so long is not just restarting.
            catch (Exception error)
                when (clock.Elapsed < Restart && Outage.Duration < Restart && Classify(error) == WriteFailure.Disconnected)
            {
                // Not yet.
            }
        }
    }

    public override DbConnection OpenWriter()
    {
        var connection = new NpgsqlConnection(_writer);
        try
        {
            connection.Open();
            Execute(connection, _sessionSettings);
            _session = PostgresPooler.Refuse(connection, _writer, Name);
            if (!_mayBegin && PostgresSchema.Check(connection, Name) == 0) throw IsEmpty();
            PostgresSchema.Migrate(connection, Name);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // A connection of its own: one of the pool may be left from before a restart. That it opens is the sign.
    public override async Task PingAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_writer);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw Explain(error);
        }
    }

    // Another text as soon as any transaction that wrote has begun or ended anywhere on the server.
    public override string? FindVersion() => Read(connection =>
    {
        using var command = new NpgsqlCommand("SELECT pg_current_snapshot()::text", connection);
        return (string?)command.ExecuteScalar();
    });

    // Presence is all that another process shows; it is locked under a key of which the last 38 bits are 0.
    public override StoreHolder? FindWriter() => Read(connection =>
    {
        using var command = new NpgsqlCommand(
            """
            SELECT activity.application_name, coalesce(host(activity.client_addr), ''), activity.pid, activity.backend_start
            FROM pg_locks JOIN pg_stat_activity AS activity USING (pid)
            WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND objsubid = 1 AND mode = 'ShareLock' AND ((classid::bigint << 32) | objid::bigint) & 274877906943 = 0
            ORDER BY activity.backend_start LIMIT 1
            """, connection);
        using var row = command.ExecuteReader();
        return row.Read() ? new StoreHolder(row.GetString(1), row.GetInt32(2), row.GetString(0), row.GetDateTime(3)) : null;
    });

    public override bool IsWorkedOn(long run) => Read(connection => CountHolders(connection, StoreClaims.PresenceOf(run)) > 0);

    public override IReadOnlyList<string> FindWorkers(long run) => Read(connection =>
    {
        using var command = new NpgsqlCommand(
            """
            SELECT activity.application_name FROM pg_locks JOIN pg_stat_activity AS activity USING (pid)
            WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND objsubid = 1 AND granted AND ((classid::bigint << 32) | objid::bigint) = $1
            ORDER BY activity.backend_start
            """, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = StoreClaims.PresenceOf(run) });
        using var row = command.ExecuteReader();
        var names = new List<string>();
        while (row.Read()) names.Add(ShownText.Line(row.GetString(0)));
        return names;
    });

    public override void BackUpTo(string file) => throw new StoreException(
        StoreProblem.Other,
        $"{Name} is a PostgreSQL database, which its own tools back up while it is in use: pg_dump --format=custom --file={Path.GetFileName(file)} \"{Name}\" (and pg_restore). "
        + "To have its runs in one file: merge \"" + Name + "\" --into FILE.db.");

    public override void Checkpoint(DbConnection writer)
    {
        // An answer has its final place when its transaction ends.
    }

    public override StoreException Explain(Exception error) => PostgresErrors.Explain(error, Name);

    public override WriteFailure Classify(Exception error) => PostgresErrors.Classify(error);

    // Not on a session that a pooler has put in the place of the writer's: others may be given it next, and the lock with it.
    public override bool TryLock(DbConnection writer, long key)
    {
        using var command = new NpgsqlCommand(
            "SELECT CASE WHEN pg_backend_pid() = $2 THEN pg_try_advisory_lock($1) END", (NpgsqlConnection)writer);
        command.Parameters.Add(new NpgsqlParameter { Value = key });
        command.Parameters.Add(new NpgsqlParameter { Value = _session });
        return command.ExecuteScalar() as bool? ?? throw PostgresPooler.IsBetween(Name);
    }

    public override void LockShared(DbConnection writer, long key) => Scalar<object>(writer, "SELECT pg_advisory_lock_shared($1)", key);

    public override void Unlock(DbConnection writer, long key, bool isShared) =>
        Scalar<bool>(writer, isShared ? "SELECT pg_advisory_unlock_shared($1)" : "SELECT pg_advisory_unlock($1)", key);

    public override int CountOthers(DbConnection writer, long key) => CountHolders((NpgsqlConnection)writer, key);

    public override string Text(int parameter) => string.Create(CultureInfo.InvariantCulture, $"${parameter}");

    public override object? Whole(string? text) => text;

    // Numbered by their place.
    public override DbParameter CreateParameter(int number) => new NpgsqlParameter();

    public override object ToValue(object? value) => value switch
    {
        null => DBNull.Value,
        string text => Wtf8.Encode(text),
        _ => value,
    };

    public override string ReadText(DbDataReader row, int column) => Wtf8.Decode(row.GetFieldValue<byte[]>(column));

    public override bool SendsTogether => true;

    public override IReadOnlyList<int> ExecuteTogether(DbConnection writer, IReadOnlyList<(string Sql, object?[] Values)> statements)
    {
        using var batch = new NpgsqlBatch((NpgsqlConnection)writer);
        foreach (var (sql, values) in statements)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = ToValue(value) });
            batch.BatchCommands.Add(command);
        }

        batch.ExecuteNonQuery();
        return [.. ((IEnumerable<DbBatchCommand>)batch.BatchCommands).Select(command => command.RecordsAffected)];
    }

    public override void Dispose() => _readers.Dispose();

    private StoreException IsEmpty() => new(StoreProblem.Empty, $"{Name} is empty: no run has been stored in it.");

    // Others than this session, by the server's own number of it: a pooler tells another one.
    private static int CountHolders(NpgsqlConnection connection, long key)
    {
        using var command = new NpgsqlCommand(
            """
            SELECT count(*) FROM pg_locks
            WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND objsubid = 1 AND granted AND ((classid::bigint << 32) | objid::bigint) = $1 AND pid <> pg_backend_pid()
            """, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = key });
        return (int)(long)command.ExecuteScalar()!;
    }

    private static T? Scalar<T>(DbConnection connection, string sql, long key)
    {
        using var command = new NpgsqlCommand(sql, (NpgsqlConnection)connection);
        command.Parameters.Add(new NpgsqlParameter { Value = key });
        return (T?)command.ExecuteScalar();
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
