using System.Data.Common;

namespace LiveClin.Core.Results.Engines;

/// <summary>
/// What a kind of database does in its own way: opening, the few words of SQL in which it differs, its errors. What a store means stands in
/// <see cref="ResultStore"/> and <see cref="StoreTransaction"/>, once for all kinds.
/// </summary>
internal abstract class StoreEngine : IDisposable
{
    protected StoreEngine() => Outage = new ServerOutage(this);

    /// <summary>What the writer knows of a server that is gone.</summary>
    public ServerOutage Outage { get; }

    /// <summary>What readers know of it.</summary>
    public ReadersOutage Missed { get; } = new();

    /// <summary>True when a server was gone within the last such time, as far as anybody here has found out.</summary>
    public bool WasAwayWithin(TimeSpan last) => Missed.WasWithin(last) || Outage.WasWithin(last);

    /// <summary>What the store is called in messages and commands: never a secret.</summary>
    public abstract string Name { get; }

    /// <summary>True when other processes may write at the same time.</summary>
    public abstract bool IsShared { get; }

    /// <summary>How long writes wait for a server that is gone.</summary>
    public virtual TimeSpan Patience => TimeSpan.Zero;

    /// <summary>A text that the user should read before relying on the store; null when nothing is to be said.</summary>
    public string? Warning { get; protected init; }

    /// <summary>A connection that reads.</summary>
    public abstract DbConnection OpenReader();

    /// <summary>Opens a reader's connection again that was lost.</summary>
    public virtual void Reopen(DbConnection reader)
    {
        reader.Close();
        reader.Open();
    }

    /// <summary>The connection that writes.</summary>
    public abstract DbConnection OpenWriter();

    /// <summary>Asks the server for a sign of life; a file needs none.</summary>
    /// <exception cref="StoreException">It gives none.</exception>
    public virtual Task PingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A text that is another one after each change of the store by anybody; null where that cannot be told now.</summary>
    public abstract string? FindVersion();

    /// <summary>Who writes to the store now; null when nobody does.</summary>
    public abstract StoreHolder? FindWriter();

    /// <summary>True when somebody works on the run, as far as can be told.</summary>
    public abstract bool IsWorkedOn(long run);

    /// <summary>What those who work on the run call themselves.</summary>
    public virtual IReadOnlyList<string> FindWorkers(long run) => FindWriter() is { } holder ? [holder.Describe()] : [];

    /// <summary>Writes a copy of the store as it is at this moment.</summary>
    public abstract void BackUpTo(string file);

    /// <summary>Brings what is written into its final place.</summary>
    public abstract void Checkpoint(DbConnection writer);

    /// <summary>An error in words that say what to do.</summary>
    public abstract StoreException Explain(Exception error);

    /// <summary>What is to be done about a failed transaction.</summary>
    public abstract WriteFailure Classify(Exception error);

    /// <summary>Locks for as long as the connection lives, unless somebody else has it; true when it is ours.</summary>
    public abstract bool TryLock(DbConnection writer, long key);

    /// <summary>Locks beside others that do the same.</summary>
    public abstract void LockShared(DbConnection writer, long key);

    /// <summary>Gives back what <see cref="TryLock"/> or <see cref="LockShared"/> took.</summary>
    public abstract void Unlock(DbConnection writer, long key, bool isShared);

    /// <summary>Number of other connections that hold the key.</summary>
    public abstract int CountOthers(DbConnection writer, long key);

    /// <summary>Begins a transaction that writes.</summary>
    public abstract string Begin { get; }

    /// <summary>The expression for a parameter whose value is <see cref="Whole"/> text.</summary>
    public abstract string Text(int parameter);

    /// <summary>Text of any length and content, for <see cref="Text"/>.</summary>
    public abstract object? Whole(string? text);

    /// <summary>The expression for the number of questions of a stored case.</summary>
    public abstract string QuestionCount { get; }

    /// <summary>Adds a case: release, ordinal, line, identifier, file name, text, number of questions.</summary>
    public abstract string InsertCase { get; }

    /// <summary>The columns of answers that order them as they were stored.</summary>
    public abstract string OrderOfStoring { get; }

    /// <summary>Waits, until the transaction ends, for other transactions that lock the same key; nothing where there are none.</summary>
    public abstract string? LockInTransaction { get; }

    /// <summary>A parameter by its number, from 1.</summary>
    public abstract DbParameter CreateParameter(int number);

    /// <summary>A value as the database takes it.</summary>
    public abstract object ToValue(object? value);

    /// <summary>A column's text, whole.</summary>
    public abstract string ReadText(DbDataReader row, int column);

    /// <summary>True where each statement is a way to a server and back: those whose results nobody waits for go together.</summary>
    public virtual bool SendsTogether => false;

    /// <summary>Executes statements in one way to the server and back; gives the rows that each of them touched.</summary>
    public virtual IReadOnlyList<int> ExecuteTogether(DbConnection writer, IReadOnlyList<(string Sql, object?[] Values)> statements) =>
        throw new NotSupportedException();

    public virtual void Dispose()
    {
    }

    /// <summary>A command with numbered parameters.</summary>
    public DbCommand Command(DbConnection connection, string sql, IReadOnlyList<object?> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Count; i++)
        {
            var parameter = CreateParameter(i + 1);
            parameter.Value = ToValue(values[i]);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}

/// <summary>What is to be done about a failed transaction.</summary>
internal enum WriteFailure
{
    /// <summary>One of its writes is at fault; the others may succeed alone.</summary>
    OneWrite = 0,

    /// <summary>All of them fail: the disk is full, or broken.</summary>
    All = 1,

    /// <summary>Two transactions stood in each other's way: the same again succeeds.</summary>
    Again = 2,

    /// <summary>The connection is gone: the same on another one succeeds.</summary>
    Disconnected = 3,
}
