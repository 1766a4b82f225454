using System.CommandLine;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;
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
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return await new Evaluation(options.Read(parsed)).RunAsync(cancellationToken);
            }
            catch (Exception error) when (error is ReleaseException or StoreException or RunRefusedException or OptionException)
            {
                await Console.Error.WriteLineAsync($"error: {error.Message}");
                return ExitCodes.Invalid;
            }
            catch (OperationCanceledException)
            {
                return ExitCodes.Interrupted;
            }
        });
        return command;
    }
}

/// <summary>An option's value makes no sense; the message names it.</summary>
internal sealed class OptionException(string message) : Exception(message);

/// <summary>What <c>evaluate</c> was asked to do.</summary>
internal sealed record EvaluateSettings(RunRequest Request, string Store, string? Output, string? ExportFolder, bool Verbose, bool KeyOnCommandLine);
