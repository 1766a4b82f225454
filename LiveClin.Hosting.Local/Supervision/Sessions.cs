using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Supervision;

/// <summary>Starts of processes in sessions of their own, so that a terminal's Ctrl+C does not reach them and the whole group can be ended.</summary>
internal static class Sessions
{
    private static readonly string? SetSid = OperatingSystem.IsWindows() ? null : Programs.Find("setsid", null, null);

    public static ProcessStartInfo Own(string program, IEnumerable<string> arguments)
    {
        // setsid(1) makes the session and becomes the program: the process id stays the one that was started.
        var start = SetSid is null ? new ProcessStartInfo(program) : new ProcessStartInfo(SetSid) { ArgumentList = { program } };
        start.UseShellExecute = false;
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }
}

/// <summary>The dotnet program that runs this process.</summary>
internal static class DotNet
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        // …/dotnet/shared/Microsoft.NETCore.App/10.0.0/
        var own = System.IO.Path.GetFullPath(System.IO.Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(own) ? own : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? name;
    }
}

/// <summary>Finds programs as a shell would.</summary>
internal static class Programs
{
    /// <summary>Full path of a program, or null. A name with a separator is relative to <paramref name="folder"/>; others are looked up in <paramref name="path"/>, or PATH.</summary>
    public static string? Find(string command, string? folder, string? path)
    {
        if (command.Contains(Path.DirectorySeparatorChar) || Path.IsPathRooted(command))
            return Usable(Path.GetFullPath(command, folder ?? Environment.CurrentDirectory));
        foreach (var candidate in (path ?? Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            if (Usable(Path.Combine(candidate, command)) is { } found) return found;
        }

        return null;
    }

    private static string? Usable(string file)
    {
        if (OperatingSystem.IsWindows()) return File.Exists(file) ? file : File.Exists(file + ".exe") ? file + ".exe" : null;
        const UnixFileMode executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(file) && (File.GetUnixFileMode(file) & executable) != 0 ? file : null;
    }
}
