using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Service;

/// <summary>Gives memory back to the machine once nothing has been computed for a while: the collector alone keeps it for a next time.</summary>
internal sealed class MemoryReturn(SharedWork work, TimeProvider time) : BackgroundService
{
    // Pools of buffers let go of what a first collection found unused for half a minute at a second one.
    private static readonly TimeSpan[] Quiet = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(35)];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var idle = new SemaphoreSlim(0);
        work.Idle += () => idle.Release();
        try
        {
            while (true)
            {
                await idle.WaitAsync(stoppingToken);
                foreach (var quiet in Quiet)
                {
                    // Every computation that ends meanwhile begins the wait anew.
                    do await Task.Delay(quiet, time, stoppingToken);
                    while (await DrainAsync(idle));
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private static async Task<bool> DrainAsync(SemaphoreSlim idle)
    {
        var isAny = false;
        while (await idle.WaitAsync(0)) isAny = true;
        return isAny;
    }
}
