using System.CommandLine;
using LiveClin.Evaluator.Service;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>The evaluator's commands; without a command it is the service.</summary>
internal static class EvaluatorCommandLine
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Runs the LiveClin benchmark. Without a command: the gRPC service.")
        {
            EvaluateCommand.Create(),
            EstimateCommand.Create(),
            BaselineCommand.Create(),
            RunsCommand.Create(),
            ReviewsCommand.Create(),
            DatasetCommand.Create(),
            ExportCommand.Create(),
            ImportCommand.Create(),
            RescoreCommand.Create(),
            BackupCommand.Create(),
            MergeCommand.Create(),
            VisionCheckCommand.Create(),
        };
        var dataDirectory = CommonOptions.DataDirectory();
        root.Options.Add(CommonOptions.Store);
        root.Options.Add(dataDirectory);
        var urls = UrlsOption.Create("The service's addresses: first JSON and health, then gRPC; otherwise those in appsettings.json.",
            most: 2);
        root.Options.Add(urls);
        root.SetAction(async (parsed, cancellationToken) => await CommandErrors.GuardAsync(parsed, async _ =>
        {
            // What the command line does not say is left to settings and environment.
            var overrides = new Dictionary<string, string?>(UrlsOption.ToEndpoints(parsed.GetValue(urls)),
                StringComparer.OrdinalIgnoreCase);
            if (parsed.GetResult(CommonOptions.Store) is { Implicit: false })
                overrides["LiveClin:Store"] = parsed.GetValue(CommonOptions.Store);
            if (parsed.GetValue(dataDirectory) is { } folder) overrides["LiveClin:DataDirectory"] = folder;
            await EvaluatorApplication.RunAsync(overrides, cancellationToken);
            return ExitCodes.Success;
        }));
        return root;
    }
}
