using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Threading.Channels;
using LiveClin.Core.Results.Engines;

namespace LiveClin.Core.Results;

/// <summary>
/// The store's one writer in this process: a thread that puts everything that waits into one transaction (group commit), so that durability
/// costs one fsync per group and not one per answer. While a server is gone, what waits stays in memory and is stored when it is back.
/// </summary>
internal sealed class StoreWriter : IAsyncDisposable
{
    // Bounds the latency of the first waiter of a group and the size of the write-ahead log.
    private const int LargestGroup = 512;

    // Two transactions that lock the same rows in another order: rare, and over as soon as one of them has begun again.
    private const int MostRepeats = 20;

    // A server that has fallen silent may hold the thread until its timeouts: at the end nobody waits that long for what nobody waits for.
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(2);
    private readonly Channel<Pending> _queue = Channel.CreateUnbounded<Pending>(new UnboundedChannelOptions { SingleReader = true });
    private readonly StoreEngine _engine;
    private readonly Task _loop;
    private readonly ConcurrentDictionary<string, long> _versions = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();
    private readonly StoreClaims _claims;
    private DbConnection? _connection;
    private StoreTransaction _statements;

    public StoreWriter(StoreEngine engine, DbConnection connection)
    {
        (_engine, _connection, _claims) = (engine, connection, new StoreClaims(engine));
        _statements = new StoreTransaction(engine, connection);
        // A thread of its own: commits block on the disk and must not occupy the pool that serves the conversations.
        _loop = Task.Factory.StartNew(Loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>A number that is another one after each transaction of this process that wrote to the run.</summary>
    public long VersionOf(string runId) => _versions.GetValueOrDefault(runId);

    /// <summary>Runs <paramref name="write"/> in the next transaction; completes when that transaction is on disk.</summary>
    /// <param name="write">May run more than once: what was rolled back is tried again.</param>
    /// <param name="claim">The claim that the write depends on; null when it depends on none.</param>
    /// <param name="giveUp">Ends the waiting for a server that is gone; a transaction under way is not touched.</param>
    /// <exception cref="ClaimLostException">The claim is not this process's any more: nothing was stored.</exception>
    public Task WriteAsync(Action<StoreTransaction> write, ConversationClaim? claim = null, CancellationToken giveUp = default) =>
        EnqueueAsync(new Pending(write, Step: null, claim, giveUp));

    /// <summary>Brings what is written so far into its final place; waits a little for those who read.</summary>
    public Task CheckpointAsync() => StepAsync(connection => _engine.Checkpoint(connection));

    /// <summary>Takes a conversation for this process; null when another one has it.</summary>
    public async Task<ConversationClaim?> TryClaimAsync(string runId, int epoch, int caseOrdinal, CancellationToken giveUp)
    {
        ConversationClaim? claim = null;
        await StepAsync(connection => claim = _claims.TryTake(connection, _statements.SequenceOf(runId), epoch, caseOrdinal), giveUp)
            .ConfigureAwait(false);
        return claim;
    }

    /// <summary>Lets go of a conversation; does not wait for a server that is gone.</summary>
    public Task ReleaseAsync(ConversationClaim claim) => LetGoAsync(connection => _claims.Release(connection, claim));

    /// <summary>Says that this process works on a run.</summary>
    public Task EnterRunAsync(string runId, CancellationToken giveUp) =>
        StepAsync(connection => _claims.Enter(connection, runId, _statements.SequenceOf(runId)), giveUp);

    /// <summary>Says that it works on it no longer; does not wait for a server that is gone.</summary>
    public Task LeaveRunAsync(string runId) => LetGoAsync(connection => _claims.Leave(connection, runId));

    /// <summary>Number of other processes that work on a run.</summary>
    public async Task<int> CountOthersAsync(string runId, CancellationToken giveUp)
    {
        var others = 0;
        await StepAsync(connection => others = _claims.CountOthers(connection, _statements.SequenceOf(runId)), giveUp)
            .ConfigureAwait(false);
        return others;
    }

    public async ValueTask DisposeAsync()
    {
        if (_queue.Writer.TryComplete()) await _closing.CancelAsync().ConfigureAwait(false);
        var patience = _engine.IsShared ? LastWait : Timeout.InfiniteTimeSpan;
        await _loop.WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_loop.IsCompleted) _closing.Dispose();
    }

    private Task StepAsync(Action<DbConnection> step, CancellationToken giveUp = default) =>
        EnqueueAsync(new Pending(Write: null, connection => step(connection!), Claim: null, giveUp));

    private Task LetGoAsync(Action<DbConnection?> step) =>
        EnqueueAsync(new Pending(Write: null, step, Claim: null, CancellationToken.None) { LetsGo = true });

    private Task EnqueueAsync(Pending pending) =>
        _queue.Writer.TryWrite(pending) ? pending.Done.Task : throw new ObjectDisposedException(nameof(ResultStore));

    private void Loop()
    {
        var group = new List<Pending>(LargestGroup);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            Pending? step = null;
            while (group.Count < LargestGroup && step is null && _queue.Reader.TryRead(out var next))
            {
                if (next.Step is not null) step = next;
                else group.Add(next);
            }

            if (group.Count > 0) Commit(group);
            group.Clear();
            if (step is not null) Take(step);
        }

        if (_connection is { } connection) Ignore(() => _engine.Checkpoint(connection));
        Disconnect();
    }

    private void Take(Pending step)
    {
        List<Pending> alone = [step];
        try
        {
            if (step.LetsGo) LetGo(step.Step!);
            else WhileConnected(alone, () => step.Step!(_connection));
            if (alone.Count > 0) step.Done.SetResult();
        }
        catch (Exception error)
        {
            step.Done.SetException(Explained(error));
        }
    }

    // What is held ends with the connection: there is nothing to be said to a server that is gone.
    private void LetGo(Action<DbConnection?> step)
    {
        try
        {
            step(_connection);
        }
        catch (Exception error) when (IsConnectionLost(error))
        {
            Disconnect();
        }
    }

    private void Commit(List<Pending> group)
    {
        try
        {
            WhileConnected(group, () => Apply(group));
        }
        catch (Exception error) when (group.Count > 1 && _engine.Classify(error) == WriteFailure.OneWrite)
        {
            // One bad write must not fail its neighbours: each gets a transaction of its own.
            foreach (var pending in group) Commit([pending]);
            return;
        }
        catch (Exception error)
        {
            foreach (var pending in group) pending.Done.SetException(Explained(error));
            return;
        }

        // Before anybody hears of it: who reads after a write gets what was written.
        foreach (var run in _statements.TakeChanged()) _versions.AddOrUpdate(run, 1, static (_, version) => version + 1);
        foreach (var pending in group) pending.Done.SetResult();
    }

    // Does it again on another connection when this one is lost, and at once when another process stood in the way. Those who have given up
    // meanwhile leave the group.
    private void WhileConnected(List<Pending> group, Action act)
    {
        for (var repeats = 0; ; repeats++)
        {
            try
            {
                if (_connection is null) Connect(group);
                if (group.Count > 0) act();
                return;
            }
            catch (Exception error) when (repeats < MostRepeats && _engine.Classify(error) == WriteFailure.Again)
            {
            }
            catch (Exception error) when (repeats < MostRepeats && IsConnectionLost(error))
            {
                Disconnect();
            }
        }
    }

    private void Connect(List<Pending> group)
    {
        while (group.Count > 0)
        {
            if (_engine.Outage.Rest is var rest && rest > TimeSpan.Zero)
            {
                if (_engine.Outage.IsPatienceOver || _closing.IsCancellationRequested) throw _engine.Outage.Error;
                Pause(group, rest);
            }
            else if (TryConnect())
            {
                return;
            }

            GiveUp(group);
        }
    }

    private bool TryConnect()
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            _connection = _engine.OpenWriter();
            _statements = new StoreTransaction(_engine, _connection);
            _claims.Renew(_connection);
            _engine.Outage.End();
            return true;
        }
        catch (Exception error) when (_engine.Classify(error) == WriteFailure.Disconnected)
        {
            Disconnect();
            _engine.Outage.Note(begun, error);
            return false;
        }
    }

    // Until it is worth trying again, the store closes, or somebody has waited long enough.
    private void Pause(List<Pending> group, TimeSpan time)
    {
        var endings = group.Select(pending => pending.GiveUp).Append(_closing.Token).Distinct();
        using var wake = CancellationTokenSource.CreateLinkedTokenSource([.. endings]);
        wake.Token.WaitHandle.WaitOne(time);
    }

    private void Disconnect()
    {
        if (_connection is null) return;
        Ignore(_statements.Dispose);
        Ignore(_connection.Dispose);
        _connection = null;
    }

    private bool IsConnectionLost(Exception error) => _engine.Classify(error) == WriteFailure.Disconnected
        || (error is InvalidOperationException && _connection is { State: not ConnectionState.Open });

    private static void GiveUp(List<Pending> group)
    {
        foreach (var pending in group.Where(pending => pending.GiveUp.IsCancellationRequested)) pending.Done.SetCanceled(pending.GiveUp);
        group.RemoveAll(pending => pending.Done.Task.IsCompleted);
    }

    private void Apply(List<Pending> group)
    {
        _statements.Begin();
        try
        {
            foreach (var pending in group)
            {
                if (pending.Claim is { } claim) _claims.Require(claim);
                _statements.IsClaimed = pending.Claim is not null;
                pending.Write!(_statements);
            }

            _statements.Commit();
        }
        catch
        {
            _statements.Rollback();
            throw;
        }
    }

    private Exception Explained(Exception error) => error is DbException ? _engine.Explain(error) : error;

    private static void Ignore(Action action)
    {
        try { action(); }
        catch (Exception error) when (error is DbException or InvalidOperationException or IOException) { }
    }

    // Either a write, which goes into a transaction with others, or a step between two of them.
    private sealed record Pending(
        Action<StoreTransaction>? Write, Action<DbConnection?>? Step, ConversationClaim? Claim, CancellationToken GiveUp)
    {
        // True for a step that is made without a connection where there is none.
        public bool LetsGo { get; init; }

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
