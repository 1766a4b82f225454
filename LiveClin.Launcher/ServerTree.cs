using System.Diagnostics;

namespace LiveClin.Launcher;

/// <summary>
/// The processes of a launched server. To them belongs who carries its mark in the environment, shares a session with one that does, or
/// descends from either: so those are found that made sessions of their own, lost their parents, or rewrote their titles and with them
/// their environments.
/// </summary>
internal static class ServerTree
{
    /// <summary>The environment variable with the mark and the number of the start: <c>host.resource.4711.</c></summary>
    public const string MarkVariable = "LIVECLIN_SERVER";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>The living processes of a server, of whatever start.</summary>
    /// <param name="mark">Its mark.</param>
    /// <param name="keeper">Its keeper, whose descendants they are; null when that is not known, or dead.</param>
    public static IReadOnlyList<int> FindAlive(string mark, int? keeper = null)
    {
        var all = ProcessTable.Read();
        var members = all.Where(p => p.Parent == keeper || ProcessTable.HasVariable(p.Pid, $"{MarkVariable}={mark}.")).Select(p => p.Pid)
            .ToHashSet();
        // Never the session of whoever looks, nor one that began outside of this container: it shows as 0.
        var own = ProcessTable.Find(Environment.ProcessId)?.Session ?? 0;
        var sessions = all.Where(p => members.Contains(p.Pid) && p.Session != 0 && p.Session != own).Select(p => p.Session).ToHashSet();
        foreach (var process in all.Where(p => sessions.Contains(p.Session))) members.Add(process.Pid);
        // Descendants by parent, until nothing is added any more.
        while (all.Count(p => members.Contains(p.Parent) && members.Add(p.Pid)) > 0) { }
        return [.. all.Where(p => members.Contains(p.Pid) && !p.IsDead && p.Pid != Environment.ProcessId && p.Pid != keeper)
            .Select(p => p.Pid)];
    }

    /// <summary>True when nothing of a server is left, its keepers included.</summary>
    public static bool IsGone(string mark) =>
        FindAlive(mark).Count == 0
            && !ProcessTable.Read().Any(p => !p.IsDead && ProcessTable.HasArguments(p.Pid, Roles.Keep, LaunchOptions.MarkOption, mark));

    /// <summary>Waits until <see cref="IsGone"/>.</summary>
    /// <returns>False when something is still there after <paramref name="patience"/>.</returns>
    public static async Task<bool> WaitUntilGoneAsync(string mark, TimeSpan patience, CancellationToken cancellationToken)
    {
        for (var since = Stopwatch.GetTimestamp(); !IsGone(mark); await Task.Delay(Interval * 10, cancellationToken).ConfigureAwait(false))
        {
            if (Stopwatch.GetElapsedTime(since) > patience) return false;
        }

        return true;
    }

    /// <summary>SIGKILL to all of them, again and again until nothing is alive, or <paramref name="patience"/> is over.</summary>
    public static async Task<bool> KillAsync(string mark, int? keeper, TimeSpan patience)
    {
        for (var since = Stopwatch.GetTimestamp(); ; await Task.Delay(Interval).ConfigureAwait(false))
        {
            var alive = FindAlive(mark, keeper);
            if (alive.Count == 0) return true;
            if (Stopwatch.GetElapsedTime(since) > patience) return false;
            foreach (var pid in alive) Native.Signal(pid, Native.SigKill);
        }
    }
}
