namespace LiveClin.Launcher;

/// <summary>Exit codes, and what they mean.</summary>
internal static class LauncherExitCodes
{
    public const int Success = 0;
    public const int Invalid = 2;

    /// <summary>The program cannot be started, as shells say it.</summary>
    public const int NotExecutable = 126;

    /// <summary>The program was not found, as shells say it.</summary>
    public const int NotFound = 127;

    /// <summary>Killed by SIGKILL.</summary>
    public const int Killed = SignalBase + 9;

    /// <summary>Ended, or left to end, by SIGTERM.</summary>
    public const int Terminated = SignalBase + 15;

    private const int SignalBase = 128;

    /// <summary><c>exit code 1</c>; <c>exit code 137 (signal 9, SIGKILL)</c>.</summary>
    public static string Describe(int code) =>
        SignalName(code - SignalBase) is { } name ? $"exit code {code} (signal {code - SignalBase}, {name})" : $"exit code {code}";

    private static string? SignalName(int signal) => signal switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        _ => null,
    };
}
