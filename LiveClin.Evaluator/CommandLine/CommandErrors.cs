using System.CommandLine;
using LiveClin.Core.Formats;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Core.Text;
using LiveClin.Evaluator.Runs;
using LiveClin.ServiceDefaults.Commands;
using Microsoft.Extensions.Options;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>What commands do with what goes wrong: a message on standard error and an exit code, never a stack trace.</summary>
internal static class CommandErrors
{
    /// <summary>Runs a command's body.</summary>
    /// <param name="parsed">The parsed command line; its configuration says where output goes.</param>
    /// <param name="body">The body; gets standard output and returns the exit code.</param>
    public static async Task<int> GuardAsync(ParseResult parsed, Func<TextWriter, Task<int>> body)
    {
        // Names and messages of releases, stores and servers are foreign text.
        var configuration = parsed.InvocationConfiguration;
        (configuration.Output, configuration.Error) = (ShownWriter.Over(configuration.Output), ShownWriter.Over(configuration.Error));
        using var watch = new DamageWatch();
        try
        {
            var exitCode = await body(configuration.Output);
            Tell(watch, configuration.Error);
            return exitCode == ExitCodes.Success && watch.HasSeenDamage ? ExitCodes.SomeFailed : exitCode;
        }
        catch (OperationCanceledException)
        {
            configuration.Error.WriteLine("Interrupted.");
            return ExitCodes.Interrupted;
        }
        catch (OptionsValidationException error)
        {
            foreach (var failure in error.Failures) configuration.Error.WriteLine(failure);
            return ExitCodes.Invalid;
        }
        catch (Exception error) when (
            error is StoreException or CommandException or ReleaseException or RunRefusedException or ResultFileException or IOException or UnauthorizedAccessException)
        {
            // A release's problems come one per line; everything else in them is foreign text.
            foreach (var line in error.Message.Split('\n')) configuration.Error.WriteLine(RunText.Safe(line));
            Tell(watch, configuration.Error);
            return ExitOf(error);
        }
    }

    // A database that is away may be back at the next try.
    private static int ExitOf(Exception error) =>
        error is StoreException { MayPass: true } ? ExitCodes.SomeFailed : ExitCodes.Invalid;

    // What could not be read, wherever in the command.
    private static void Tell(DamageWatch watch, TextWriter errors)
    {
        foreach (var row in watch.Rows) errors.WriteLine($"damaged: {RunText.Safe(row.ToString())}");
    }

    /// <summary>The run that a user means.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static RunInfo RequireRun(ResultStore store, string id) => store.FindRun(id)
        ?? throw new CommandException($"There is no run '{id}' in {store.Path}. 'runs list' shows what there is.");
}

/// <summary>A command cannot do what it was asked to; the message says why and what to do.</summary>
internal sealed class CommandException(string message) : Exception(message);
