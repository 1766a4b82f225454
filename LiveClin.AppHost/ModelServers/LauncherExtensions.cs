using System.Globalization;
using LiveClin.AppHost.Settings;
using LiveClin.Launcher;

namespace LiveClin.AppHost.ModelServers;

/// <summary>
/// Puts the launcher between the orchestrator and a model server, whose tree it ends for certain (docs/design/launcher.md).
/// </summary>
internal static class LauncherExtensions
{
    /// <summary>
    /// Starts the server through the launcher, with a log file per start. A deployment's description has the server itself,
    /// and so has a system that lacks what the launcher needs (Linux).
    /// </summary>
    /// <param name="server">The server; its own arguments are added after this.</param>
    /// <param name="logs">Where its logs are kept.</param>
    public static IResourceBuilder<T> WithLauncher<T>(this IResourceBuilder<T> server, ServerLogs logs) where T : ManagedServerResource
    {
        if (!server.ApplicationBuilder.ExecutionContext.IsRunMode || !OperatingSystem.IsLinux()) return server;
        var resource = server.Resource;
        return server
            .WithCommand("dotnet")
            .WithArgs(context =>
            {
                var options = new LaunchOptions(resource.Mark, resource.Model.StopTimeout, Environment.ProcessId, logs.NextFile(resource),
                    resource.Program, []);
                context.Args.Add(typeof(LaunchOptions).Assembly.Location);
                foreach (var argument in options.ToArguments()) context.Args.Add(argument);
                if (resource.Model.Nodes > 1) foreach (var word in RanksOf(resource.Model)) context.Args.Add(word);
                context.Args.Add(resource.Program);
            });
    }

    // Between the launcher and the server: it starts the server's other ranks beside it.
    private static string[] RanksOf(ModelSettings model) =>
        ["bash", Path.Combine(AppContext.BaseDirectory, "ranks.sh"), model.Nodes.ToString(CultureInfo.InvariantCulture)];
}
