using System.Collections.Immutable;
using System.CommandLine;
using LiveClin.Core.Conditions;
using LiveClin.Evaluator.Runs;

namespace LiveClin.Evaluator.CommandLine;

/// <summary><c>evaluate</c>: one model on one release, with the options of the published v1 tool and some more.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var options = new EvaluateOptions();
        var command = new Command("evaluate",
            "Asks a model every question of a release and stores every answer. The same command again asks only what has no reply yet.");
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandErrors.GuardAsync(parsed, output =>
            new EvaluationSeries(options.Read(parsed), output, parsed.InvocationConfiguration.Error).RunAsync(cancellationToken)));
        return command;
    }
}

/// <summary>What <c>evaluate</c> was asked to do.</summary>
/// <param name="Request">The run; of several, the first one.</param>
/// <param name="Conditions">The conditions, one run each.</param>
/// <param name="Store">The store's file.</param>
/// <param name="Output">The v1 file to write.</param>
/// <param name="ExportFolder">The core folder to write.</param>
/// <param name="Verbose">A line per answer.</param>
internal sealed record EvaluateSettings(
    RunRequest Request, ImmutableArray<Condition> Conditions, string Store, string? Output, string? ExportFolder, bool Verbose)
{
    /// <summary>Longest reply of the model's server in bytes; null for the usual.</summary>
    public long? MaxReplyBytes { get; init; }

    /// <summary>The one condition whose results go into files.</summary>
    public Condition WrittenCondition => Conditions.Length == 1 ? Conditions[0] : Condition.Published;
}
