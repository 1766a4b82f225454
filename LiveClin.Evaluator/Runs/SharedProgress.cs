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
    private readonly Func<RunTally> _count;
    private readonly ProgressCounter _progress;
    private readonly TimeProvider _time;
    private readonly Task _work;

    /// <param name="count">Counts what is stored.</param>
    /// <param name="progress">The run's progress.</param>
    /// <param name="time">The clock.</param>
    public SharedProgress(Func<RunTally> count, ProgressCounter progress, TimeProvider time)
    {
        (_count, _progress, _time) = (count, progress, time);
        _work = Task.Run(FollowAsync);
    }

    /// <summary>Counts a last time.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
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
                var pause = clock.Elapsed * Share;
                await Task.Delay(pause > Least ? pause : Least, _time, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The work on the run is over.
        }
    }

    private void Count()
    {
        try
        {
            _progress.Adopt(_count());
        }
        catch (StoreException)
        {
            // The database is gone for a while: who writes to it says so.
        }
    }
}
