namespace LiveClin.Evaluator.CommandLine;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCodes
{
    /// <summary>Everything asked for was done; after an evaluation: every question was answered.</summary>
    public const int Success = 0;

    /// <summary>Some of it failed; after an evaluation: some questions were not answered.</summary>
    public const int SomeFailed = 1;

    /// <summary>Settings, data or store are wrong; nothing was begun.</summary>
    public const int Invalid = 2;

    /// <summary>Interrupted by Ctrl+C or SIGTERM.</summary>
    public const int Interrupted = 130;
}
