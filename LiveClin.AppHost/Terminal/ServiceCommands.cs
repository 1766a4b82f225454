namespace LiveClin.AppHost.Terminal;

/// <summary>
/// How the services' commands are called: from the source, or by the launcher of a folder that needs no SDK (deploy/offline).
/// </summary>
internal static class ServiceCommands
{
    /// <summary>The launcher's path, where it has started this process.</summary>
    public const string LauncherVariable = "LIVECLIN_LAUNCHER";

    /// <summary>Begins a command of the evaluator.</summary>
    public static string Evaluator => Of("Evaluator");

    /// <summary>Begins a command of the statistics.</summary>
    public static string Stats => Of("Stats");

    private static string Of(string service) => Environment.GetEnvironmentVariable(LauncherVariable) is { Length: > 0 } launcher
        ? $"{ShellWord.Of(launcher)} {service.ToLowerInvariant()}"
        : $"dotnet run --project LiveClin.{service} --";
}
