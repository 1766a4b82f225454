using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Aspire.Hosting.Supervision;

/// <summary>
/// Finds and ends every process that came from a started one. A process belongs to the tree when it is the root, shares its session or
/// process group, descends from a member, or carries the mark in its environment: together these find grandchildren that were orphaned,
/// made sessions of their own, or rewrote their titles.
/// </summary>
internal static partial class ProcessTree
{
    /// <summary>Environment variable that marks every process of a supervisor: <c>host-id.start-number.</c></summary>
    public const string MarkVariable = "LIVECLIN_SUPERVISED";

    private const int SigKill = 9;
    private const int SigTerm = 15;

    /// <summary>Asks a process to end.</summary>
    public static void Terminate(int pid)
    {
        if (OperatingSystem.IsWindows()) Fallback(pid);
        else _ = Kill(pid, SigTerm);
    }

    /// <summary>Ends the whole tree at once and returns when nothing of it is alive, or after <paramref name="patience"/>.</summary>
    public static async Task<bool> KillAsync(IReadOnlyCollection<int> roots, string mark, TimeSpan patience)
    {
        if (!OperatingSystem.IsLinux())
        {
            foreach (var root in roots) Fallback(root);
            return true;
        }

        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var alive = FindAlive(roots, mark);
            if (alive.Count == 0) return true;
            if (Stopwatch.GetElapsedTime(since) > patience) return false;
            foreach (var pid in alive) _ = Kill(pid, SigKill);
            await Task.Delay(20).ConfigureAwait(false);
        }
    }

    /// <summary>The living members of the trees below <paramref name="roots"/>, or marked with <paramref name="mark"/>.</summary>
    public static IReadOnlyCollection<int> FindAlive(IReadOnlyCollection<int> roots, string mark)
    {
        var entries = Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid != Environment.ProcessId ? Read(pid) : null)
            .OfType<Entry>()
            .ToList();
        var wanted = Encoding.ASCII.GetBytes($"{MarkVariable}={mark}");
        var members = entries.Where(e => roots.Contains(e.Pid) || roots.Contains(e.Session) || roots.Contains(e.Group) || IsMarked(e.Pid, wanted)).Select(e => e.Pid).ToHashSet();
        // Descendants by parent, until nothing is added any more.
        while (entries.Count(e => members.Contains(e.Parent) && members.Add(e.Pid)) > 0) { }
        return [.. entries.Where(e => members.Contains(e.Pid) && !e.IsDead).Select(e => e.Pid)];
    }

    private static bool IsMarked(int pid, byte[] wanted)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{pid}/environ").AsSpan().IndexOf(wanted) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // gone meanwhile, or another user's
        }
    }

    // Sample: 4242 (python3 (x)) S 1 4242 4242 0 -1 …  = pid (name) state parent group session; the name may contain anything.
    private static Entry? Read(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new Entry(pid, int.Parse(fields[1], CultureInfo.InvariantCulture), int.Parse(fields[2], CultureInfo.InvariantCulture), int.Parse(fields[3], CultureInfo.InvariantCulture), fields[0] is "Z" or "X");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Fallback(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // gone already
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);

    private sealed record Entry(int Pid, int Parent, int Group, int Session, bool IsDead);
}
