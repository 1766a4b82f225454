using System.Text;

namespace LiveClin.AppHost.Services;

/// <summary>Everything that this app host starts, itself or through the orchestrator, known by a mark in its environment.</summary>
internal static class StartedProcesses
{
    private const string Variable = "LIVECLIN_STACK";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    // A model server that drains is given 8 s once nobody waits for it any more.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);
    private static readonly string Mark = $"{Variable}={Environment.ProcessId}.{Guid.NewGuid():N}";

    /// <summary>Marks what is started from now on.</summary>
    public static void MarkAll() => Environment.SetEnvironmentVariable(Variable, Mark[(Variable.Length + 1)..]);

    /// <summary>
    /// Waits until all of it is gone, or for as long as that may take. The orchestrator's own processes outlive the app host by some seconds
    /// otherwise, and whoever starts the next thing, or counts what is left, would find them.
    /// </summary>
    public static async Task WaitForEndAsync()
    {
        if (!OperatingSystem.IsLinux()) return;
        var begin = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begin) < Patience && Directory.EnumerateDirectories("/proc").Any(IsMarked)) await Task.Delay(Interval);
    }

    // A dead process that only waits for its parent to notice has no environment any more.
    private static bool IsMarked(string folder)
    {
        if (!char.IsAsciiDigit(Path.GetFileName(folder)[0])) return false;
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, "environ")).AsSpan().IndexOf(Encoding.ASCII.GetBytes(Mark)) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
