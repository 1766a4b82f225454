using System.CommandLine;
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
            PublishCommand.Create(),
        };
        root.SetAction((_, cancellationToken) => StatsApplication.RunAsync(cancellationToken));
        return root;
    }
}
