namespace LiveClin.Evaluator.Service;

/// <summary>Gives memory back after a run: what replies of megabytes have left, the collector alone keeps for a next time.</summary>
internal static class MemoryReturn
{
    // An ordinary run ends far below.
    private const long Much = 384L << 20;

    // .NET keeps buffers for whoever needs one next, and lets those go that nobody has needed for half a minute.
    private static readonly TimeSpan PoolPatience = TimeSpan.FromSeconds(45);

    /// <summary>
    /// Collects where much is held, and once more when pooled buffers can go: some tenths of a second each, in which nothing else runs.
    /// </summary>
    public static async Task AfterRunAsync()
    {
        if (GC.GetTotalMemory(forceFullCollection: false) < Much && GC.GetGCMemoryInfo().TotalCommittedBytes < Much) return;
        Collect();
        await Task.Delay(PoolPatience);
        Collect();
    }

    // Pools empty themselves in a finalizer, after the first of the two.
    private static void Collect()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
    }
}
