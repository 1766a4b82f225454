using System.CommandLine;
using LiveClin.Evaluator.Runs;

namespace LiveClin.Evaluator.CommandLine;

/// <summary><c>evaluate</c>: one model on one release, with the options of the published v1 tool and some more.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var options = new EvaluateOptions();
        var command = new Command("evaluate", "Asks a model every question of a release and stores every answer. An interrupted evaluation goes on with --resume.");
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandErrors.GuardAsync(parsed, output =>
            new Evaluation(options.Read(parsed), output, parsed.InvocationConfiguration.Error).RunAsync(cancellationToken)));
        return command;
    }
}

/// <summary>What <c>evaluate</c> was asked to do.</summary>
internal sealed record EvaluateSettings(RunRequest Request, string Store, string? Output, string? ExportFolder, bool Verbose);
