using System.CommandLine;
using LiveClin.ServiceDefaults.Commands;
using LiveClin.Stats.Service;

namespace LiveClin.Stats.CommandLine;

/// <summary>The statistics commands; without a command it is the service.</summary>
internal static class StatsCommandLine
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Explains LiveClin results. Without a command: the web service.")
        {
            AnalyzeCommand.Create(),
            ReportCommand.Create(),
            CompareCommand.Create(),
            ControlsCommand.Create(),
            ViewCommand.Create(),
            BundleCommands.CreateBundle(),
            BundleCommands.CreateVerify(),
            PublishCommand.Create(),
        };
        var urls = UrlsOption.Create("The service's addresses: first pages and JSON, then gRPC; otherwise those in appsettings.json.",
            most: 2);
        root.Options.Add(urls);
        root.SetCheckedAction(async (parsed, cancellationToken) =>
        {
            await StatsApplication.RunAsync(UrlsOption.ToEndpoints(parsed.GetValue(urls)), cancellationToken);
            return ExitCodes.Success;
        });
        return root;
    }
}
