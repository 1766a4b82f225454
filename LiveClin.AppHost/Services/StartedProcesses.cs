using LiveClin.Launcher;

namespace LiveClin.AppHost.Services;

/// <summary>Everything that this app host starts, itself or through the orchestrator, known by a mark in its environment.</summary>
internal static class StartedProcesses
{
    /// <summary>Has the mark.</summary>
    public const string Variable = "LIVECLIN_STACK";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    // A model server that drains is given 8 s once nobody waits for it any more.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan KillAfter = TimeSpan.FromSeconds(3);
    private static readonly string Mark = $"{Variable}={Environment.ProcessId}.{Guid.NewGuid():N}";

    /// <summary>Marks what is started from now on.</summary>
    public static void MarkAll() => Environment.SetEnvironmentVariable(Variable, Mark[(Variable.Length + 1)..]);

    /// <summary>
    /// Waits until all of it is gone, or for as long as that may take. The orchestrator's own processes outlive the app host by some
    /// seconds otherwise, and whoever starts the next thing, or counts what is left, would find them. The last of them only waits for its
    /// connection to the others to time out, almost three seconds: it is told to end.
    /// </summary>
    public static async Task WaitForEndAsync()
    {
        if (!OperatingSystem.IsLinux()) return;
        var begin = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begin) < Patience)
        {
            var alive = Alive().ToList();
            if (alive.Count == 0) return;
            if (alive is [var last] && ProcessTable.HasArguments(last, "run-controllers")) Native.Signal(last, Native.SigTerm);
            await Task.Delay(Interval);
        }
    }

    /// <summary>Ends all of it, when the orchestrator that should do so is gone: SIGTERM, and SIGKILL to what is left.</summary>
    public static async Task EndAsync()
    {
        foreach (var signal in (int[])[Native.SigTerm, Native.SigKill])
        {
            var begin = TimeProvider.System.GetTimestamp();
            foreach (var pid in Alive()) Native.Signal(pid, signal);
            while (TimeProvider.System.GetElapsedTime(begin) < KillAfter && Alive().Any()) await Task.Delay(Interval);
        }
    }

    private static IEnumerable<int> Alive() =>
        ProcessTable.Read().Where(p => !p.IsDead && p.Pid != Environment.ProcessId && ProcessTable.HasVariable(p.Pid, Mark))
            .Select(p => p.Pid);
}
