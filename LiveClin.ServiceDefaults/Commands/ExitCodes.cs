namespace LiveClin.ServiceDefaults.Commands;

/// <summary>What a command's process tells its caller.</summary>
public static class ExitCodes
{
    /// <summary>Everything asked for was done; after an evaluation: every question was answered.</summary>
    public const int Success = 0;

    /// <summary>
    /// Some of it failed: questions were not answered, a model server or database could not be reached, a file could not be read, or a
    /// compared model is worse.
    /// </summary>
    public const int SomeFailed = 1;

    /// <summary>Settings, data or store are wrong; nothing was begun, and the same again would come to the same.</summary>
    public const int Invalid = 2;

    /// <summary>Interrupted by Ctrl+C or SIGTERM.</summary>
    public const int Interrupted = 130;
}
