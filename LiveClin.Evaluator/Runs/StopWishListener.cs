using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Runs;

/// <summary>Stops the work on a run when another process wishes so.</summary>
internal sealed class StopWishListener : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _over = new();
    private readonly ResultStore _store;
    private readonly RunSession _session;
    private readonly TimeProvider _time;
    private readonly int _before;
    private readonly Task _work;

    private StopWishListener(ResultStore store, RunSession session, TimeProvider time, int before)
    {
        (_store, _session, _time, _before) = (store, session, time, before);
        _work = Task.Run(ListenAsync);
    }

    /// <summary>Says that this process works on a run, and listens from then on; null where no other process can wish anything.</summary>
    public static async Task<StopWishListener?> EnterAsync(ResultStore store, RunSession session, TimeProvider time)
    {
        var id = session.Run.Id;
        // Counted before: what was wished earlier was for those who were there then.
        var before = store.IsShared
            ? await store.ReadPatientlyAsync(() => store.GetEvents(id, StopWish.Kind).Count, time, session.Stopping).ConfigureAwait(false)
            : 0;
        await store.EnterRunAsync(id, session.Stopping).ConfigureAwait(false);
        return store.IsShared ? new StopWishListener(store, session, time, before) : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        // One that waits for a database that is gone is waited for by nobody.
        if (_store.Outage is not null) return;
        await _work.ConfigureAwait(false);
        _over.Dispose();
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, _time, _over.Token).ConfigureAwait(false);
                if (Hear() is not { } wish) continue;
                _session.Notify(wish);
                await _session.StopAsync().ConfigureAwait(false);
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The work on the run is over.
        }
    }

    private string? Hear()
    {
        if (_store.Outage is not null) return null;
        try
        {
            return _store.GetEvents(_session.Run.Id, StopWish.Kind).Skip(_before).LastOrDefault()?.Message;
        }
        catch (StoreException)
        {
            // The database is gone for a while: who writes to it says so.
            return null;
        }
    }
}
