using System.Diagnostics;
using System.Text;

namespace LiveClin.Launcher;

/// <summary>The words by which this program is told to be another part of itself.</summary>
internal static class Roles
{
    public const string Detach = "detach";
    public const string Keep = "keep";
}

/// <summary>What launcher and keeper say to each other, a line each.</summary>
internal static class Messages
{
    /// <summary>To the keeper: end the server.</summary>
    public const string Stop = "stop";

    /// <summary>To the keeper: end the server soon, nobody waits for it any more.</summary>
    public const string Hurry = "hurry";

    /// <summary>To the keeper: the launcher goes now; that is no reason to hurry.</summary>
    public const string Leave = "leave";

    // From the keeper, before the rest of the line.
    public const char Output = '1';
    public const char Error = '2';
    public const char Started = '@';
    public const char Ended = '=';
}

/// <summary>
/// Starts the keeper so that it is no child of whoever asked for it: the orchestrator kills what descends from the process it started.
/// </summary>
internal static class KeeperProcess
{
    /// <summary>Starts the process that starts the keeper and ends; the keeper inherits its three pipes.</summary>
    public static Process Start(LaunchOptions options)
    {
        var start = Self(Roles.Detach, options);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.StandardOutputEncoding = Encoding.UTF8;
        return Process.Start(start)!;
    }

    /// <summary>Starts the keeper and leaves it alone.</summary>
    public static int Detach(LaunchOptions options)
    {
        using var keeper = Process.Start(Self(Roles.Keep, options));
        return LauncherExitCodes.Success;
    }

    private static ProcessStartInfo Self(string role, LaunchOptions options)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(typeof(KeeperProcess).Assembly.Location);
        foreach (var argument in (string[])[role, .. options.ToArguments(), options.Program, .. options.Arguments])
            start.ArgumentList.Add(argument);
        return start;
    }
}
