using System.CommandLine;
using System.Runtime.InteropServices;

namespace LiveClin.ServiceDefaults.Commands;

/// <summary>Runs a program's command line.</summary>
public static class CommandLineProgram
{
    /// <summary>Runs what the arguments say; arguments that cannot be understood are wrong settings.</summary>
    /// <param name="root">The commands.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="configuration">Where output goes; null for the console.</param>
    /// <param name="cancellationToken">Ends the command, as Ctrl+C and SIGTERM do.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(RootCommand root, string[] args, InvocationConfiguration? configuration,
        CancellationToken cancellationToken)
    {
        // Ctrl+C and SIGTERM cancel the command, which gets this long to stop in order.
        configuration ??= new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
        var parsed = root.Parse(args);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // A terminal that goes away ends a command in order, too.
        using var hangUp = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        var exitCode = await parsed.InvokeAsync(configuration, stop.Token);
        return parsed.Errors.Count > 0 ? ExitCodes.Invalid : exitCode;
    }
}
