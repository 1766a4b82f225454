using System.Runtime.InteropServices;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Service;

/// <summary>
/// Gives memory back to the machine once nothing has been computed for a while: the collector alone keeps it for a next time.
/// </summary>
internal sealed class MemoryReturn(SharedWork work, TimeProvider time) : BackgroundService
{
    // Pools of buffers note at a first collection what lies unused, and let go at a second one of what has done so for half a minute; a
    // third one finds it. Answers that nobody wanted again go last.
    private static readonly TimeSpan[] Quiet = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(31), TimeSpan.FromSeconds(1),
        SharedWork.KeptFor];

    private static readonly TrimMemory? Trim = FindTrim();

    private delegate int TrimMemory(nuint pad);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var idle = new SemaphoreSlim(0);
        work.Idle += () => idle.Release();
        try
        {
            while (true)
            {
                await idle.WaitAsync(stoppingToken);
                // Every computation that ends meanwhile begins all waits anew.
                for (var step = 0; step < Quiet.Length; step++)
                {
                    await Task.Delay(Quiet[step], time, stoppingToken);
                    if (await DrainAsync(idle)) step = -1;
                    else GiveBack();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private void GiveBack()
    {
        work.ForgetExpired();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Trim?.Invoke(0);
    }

    // Plots are drawn in memory of the C library, which keeps what was freed. Only glibc has this call; null elsewhere.
    private static TrimMemory? FindTrim() =>
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var library)
            && NativeLibrary.TryGetExport(library, "malloc_trim", out var call)
            ? Marshal.GetDelegateForFunctionPointer<TrimMemory>(call)
            : null;

    private static async Task<bool> DrainAsync(SemaphoreSlim idle)
    {
        var isAny = false;
        while (await idle.WaitAsync(0)) isAny = true;
        return isAny;
    }
}
