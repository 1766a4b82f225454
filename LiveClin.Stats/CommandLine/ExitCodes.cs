namespace LiveClin.Stats.CommandLine;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCodes
{
    /// <summary>Everything asked for was done.</summary>
    public const int Success = 0;

    /// <summary>Some of it failed: a file could not be read, or the candidate is worse.</summary>
    public const int SomeFailed = 1;

    /// <summary>Settings or data are wrong; nothing was done.</summary>
    public const int Invalid = 2;

    /// <summary>Interrupted by Ctrl+C or SIGTERM.</summary>
    public const int Interrupted = 130;
}
