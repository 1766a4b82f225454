using System.Globalization;
using System.Text;

namespace LiveClin.Launcher;

/// <summary>A process as /proc shows it.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="Parent">Its parent's id.</param>
/// <param name="Session">Its session's id.</param>
/// <param name="IsDead">True when it has ended and only waits for its parent to notice.</param>
/// <param name="Started">When it started, in ticks since the machine did: tells it from a later process with its id.</param>
internal sealed record ProcessEntry(int Pid, int Parent, int Session, bool IsDead, string Started);

/// <summary>The processes of this machine.</summary>
internal static class ProcessTable
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ProcessEntry> Read() => [.. Directory.EnumerateDirectories("/proc")
        .Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? Find(pid) : null)
        .OfType<ProcessEntry>()];

    /// <summary>One of them, or null when it is gone.</summary>
    // Sample: 4242 (python3 (x)) S 1 4242 4242 0 -1 …  = pid (name) state parent group session …; the name may contain anything.
    public static ProcessEntry? Find(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessEntry(pid, Number(fields[1]), Number(fields[3]), fields[0] is "Z" or "X", fields[19]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>True while the very process lives.</summary>
    public static bool IsAlive(ProcessEntry process) => Find(process.Pid) is { IsDead: false } now && now.Started == process.Started;

    /// <summary>True when a variable of the process begins with this: <c>NAME=beginning</c>.</summary>
    public static bool HasVariable(int pid, string beginning) => Contains($"/proc/{pid}/environ", Encoding.UTF8.GetBytes('\0' + beginning));

    /// <summary>True when the process was started with these arguments, one after the other.</summary>
    public static bool HasArguments(int pid, params string[] arguments) =>
        Contains($"/proc/{pid}/cmdline", Encoding.UTF8.GetBytes($"\0{string.Join('\0', arguments)}\0"));

    private static bool Contains(string file, ReadOnlySpan<byte> wanted)
    {
        try
        {
            ReadOnlySpan<byte> content = [0, .. File.ReadAllBytes(file)];
            return content.IndexOf(wanted) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // gone meanwhile, or another user's
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
