using System.Reflection;
using System.Runtime.InteropServices;

namespace LiveClin.Evaluator.Runs;

/// <summary>What a run records about the program and machine that made it.</summary>
internal static class ProgramIdentity
{
    private static readonly string Informational =
        typeof(ProgramIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    /// <summary>Version of this program, without build metadata.</summary>
    public static string Version { get; } = Informational.Split('+')[0];

    /// <summary>Git commit it was built from; the SDK appends it to the informational version.</summary>
    public static string? GitCommit { get; } = Informational.Split('+') is [_, { Length: > 0 } commit] ? commit : null;

    /// <summary>Operating system, cores and runtime.</summary>
    public static string Machine { get; } =
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}";
}
