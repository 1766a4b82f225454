using System.Diagnostics;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Runs;

/// <summary>Keeps a run's progress at what all evaluators together have stored, while this one works on it.</summary>
internal sealed class SharedProgress : IAsyncDisposable
{
    // Counting is the database's work: it takes a twentieth of the time at most.
    private const int Share = 20;
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _stop = new();
    private readonly ResultStore _store;
    private readonly RunPlan _plan;
    private readonly ProgressCounter _progress;
    private readonly TimeProvider _time;
    private readonly Task _work;

    /// <param name="store">What is stored.</param>
    /// <param name="plan">Of what it is counted.</param>
    /// <param name="progress">The run's progress.</param>
    /// <param name="time">The clock.</param>
    public SharedProgress(ResultStore store, RunPlan plan, ProgressCounter progress, TimeProvider time)
    {
        (_store, _plan, _progress, _time) = (store, plan, progress, time);
        _work = Task.Run(FollowAsync);
    }

    /// <summary>Counts a last time.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        // One that waits for a database that is gone is waited for by nobody.
        if (_store.Outage is not null) return;
        await _work.ConfigureAwait(false);
        Count();
        _stop.Dispose();
    }

    private async Task FollowAsync()
    {
        try
        {
            while (true)
            {
                var clock = Stopwatch.StartNew();
                Count();
                await Task.Delay(_store.RestAfter(clock.Elapsed, Share, Least), _time, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The work on the run is over.
        }
    }

    private void Count()
    {
        if (_store.Outage is not null) return;
        try
        {
            _progress.Adopt(_store.Tally(_plan.Run, _plan.Target));
        }
        catch (StoreException)
        {
            // The database is gone for a while: who writes to it says so.
        }
    }
}
