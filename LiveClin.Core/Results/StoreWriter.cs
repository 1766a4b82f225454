using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace LiveClin.Core.Results;

/// <summary>
/// The store's one writer: a thread that puts everything that waits into one transaction (group commit), so that durability
/// costs one fsync per group and not one per answer.
/// </summary>
internal sealed class StoreWriter : IAsyncDisposable
{
    // Bounds the latency of the first waiter of a group and the size of the write-ahead log.
    private const int LargestGroup = 512;

    private const int CheckpointPatienceMs = 2000;

    private readonly Channel<Pending> _queue = Channel.CreateUnbounded<Pending>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly string _path;
    private readonly Task _loop;
    private readonly ConcurrentDictionary<string, long> _versions = new(StringComparer.Ordinal);

    public StoreWriter(SqliteConnection connection, string path)
    {
        (_connection, _path) = (connection, path);
        // A thread of its own: commits block on the disk and must not occupy the pool that serves the conversations.
        _loop = Task.Factory.StartNew(Loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>A number that is another one after each transaction that wrote to the run.</summary>
    public long VersionOf(string runId) => _versions.GetValueOrDefault(runId);

    /// <summary>Runs <paramref name="write"/> in the next transaction; completes when that transaction is on disk.</summary>
    public Task WriteAsync(Action<StoreTransaction> write)
    {
        var pending = new Pending(write);
        if (!_queue.Writer.TryWrite(pending))
            throw new ObjectDisposedException(nameof(ResultStore));
        return pending.Done.Task;
    }

    /// <summary>Brings what is written so far from the write-ahead log into the file; waits a little for those who read.</summary>
    public Task CheckpointAsync()
    {
        var pending = new Pending(Write: null);
        if (!_queue.Writer.TryWrite(pending)) throw new ObjectDisposedException(nameof(ResultStore));
        return pending.Done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
    }

    private void Loop()
    {
        using var statements = new StoreTransaction(_connection);
        var group = new List<Pending>(LargestGroup);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            Pending? checkpoint = null;
            while (group.Count < LargestGroup && checkpoint is null && _queue.Reader.TryRead(out var next))
            {
                if (next.Write is null) checkpoint = next;
                else group.Add(next);
            }

            if (group.Count > 0) Commit(group, statements);
            group.Clear();
            if (checkpoint is null) continue;
            Checkpoint();
            checkpoint.Done.SetResult();
        }

        Checkpoint();
    }

    // What cannot be moved now (a reader stays in the middle of it, the disk is full) is safe in the log, and moves later.
    private void Checkpoint()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"PRAGMA busy_timeout = {CheckpointPatienceMs}; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = 0;";
        try { command.ExecuteNonQuery(); }
        catch (SqliteException) { }
    }

    private void Commit(List<Pending> group, StoreTransaction statements)
    {
        try
        {
            Apply(group, statements);
        }
        catch (Exception error) when (group.Count > 1 && error is not SqliteException { SqliteErrorCode: 13 or 10 })
        {
            // One bad write must not fail its neighbours: each gets a transaction of its own.
            foreach (var one in group) Commit([one], statements);
            return;
        }
        catch (Exception error)
        {
            var explained = error is SqliteException ? StoreErrors.Explain(error, _path) : error;
            foreach (var one in group) one.Done.SetException(explained);
            return;
        }

        // Before anybody hears of it: who reads after a write gets what was written.
        foreach (var run in statements.TakeChanged()) _versions.AddOrUpdate(run, 1, static (_, version) => version + 1);
        foreach (var one in group) one.Done.SetResult();
    }

    private static void Apply(List<Pending> group, StoreTransaction statements)
    {
        statements.Begin();
        try
        {
            foreach (var one in group) one.Write!(statements);
            statements.Commit();
        }
        catch
        {
            statements.Rollback();
            throw;
        }
    }

    // Without a write it is a checkpoint, which no transaction may hold.
    private sealed record Pending(Action<StoreTransaction>? Write)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
