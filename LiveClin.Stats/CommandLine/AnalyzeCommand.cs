using System.CommandLine;

namespace LiveClin.Stats.CommandLine;

/// <summary><c>analyze</c>: the published statistics, of a core folder, of v1 files or of a store.</summary>
internal static class AnalyzeCommand
{
    public static Command Create()
    {
        var folder = new Option<string?>("--folder") { Description = "Folder of evaluated case files (core).", HelpName = "DIR" };
        var results = new Option<string[]>("--results")
        {
            Description = "Results files of the v1 package.",
            HelpName = "FILE.json",
            AllowMultipleArgumentsPerToken = true,
        };
        var store = StoreOption.Optional(" Of each model and setting one run, on the release with most models.");
        var ignore = new Option<string>("--ignore-models")
        {
            Description = "Models to leave out, separated by commas.",
            HelpName = "a,b",
            DefaultValueFactory = _ => "",
        };
        var noCopy = new Option<bool>("--no-copy")
        {
            Description = "With --folder: do not copy the hardest and easiest cases to hard/ and easy/.",
        };
        var output = new Option<string?>("--output-dir")
        {
            Description = "With --folder: where to write instead of into the folder.",
            HelpName = "DIR",
        };
        var command = new Command("analyze", "Computes the published statistics. Give one of --folder, --results, --store.") { folder,
            results, store, ignore, noCopy, output };
        command.Validators.Add(parsed =>
        {
            if (new Option[] { folder, results, store }.Count(source => parsed.GetResult(source) is not null) != 1)
                parsed.AddError("Give exactly one of --folder, --results, --store.");
            else if (parsed.GetResult(folder) is null
                && (parsed.GetResult(noCopy) is { Implicit: false } || parsed.GetResult(output) is not null))
                parsed.AddError("--no-copy and --output-dir go with --folder.");
        });
        command.SetCheckedAction((parsed, cancellationToken) =>
        {
            var ignored = parsed.GetValue(ignore)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var console = parsed.InvocationConfiguration;
            return Task.FromResult((parsed.GetValue(folder), parsed.GetValue(store)) switch
            {
                ({ } path, _) => FolderAnalysis.Run(path, ignored, !parsed.GetValue(noCopy), parsed.GetValue(output), console,
                    cancellationToken),
                (_, { } path) => V1Analysis.RunStore(path, ignored, console, cancellationToken),
                _ => V1Analysis.RunFiles(parsed.GetValue(results)!, ignored, console),
            });
        });
        return command;
    }
}
