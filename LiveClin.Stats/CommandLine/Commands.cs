using System.CommandLine;
using LiveClin.Core.Bundles;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;
using LiveClin.Core.Text;
using LiveClin.ServiceDefaults.Commands;
using Microsoft.Extensions.Options;

namespace LiveClin.Stats.CommandLine;

/// <summary>What all commands share: errors of files and stores end them with one clear line.</summary>
internal static class Commands
{
    /// <summary>Sets what a command does.</summary>
    /// <param name="command">The command.</param>
    /// <param name="action">Gives the exit code.</param>
    /// <param name="tellsDamage">False where the exit code 1 has a meaning of its own: then damage is told in words alone.</param>
    public static void SetCheckedAction(
        this Command command, Func<ParseResult, CancellationToken, Task<int>> action, bool tellsDamage = true) =>
        command.SetAction(async (parsed, cancellationToken) =>
    {
        // Names and messages of releases, stores and servers are foreign text.
        var console = parsed.InvocationConfiguration;
        (console.Output, console.Error) = (ShownWriter.Over(console.Output), ShownWriter.Over(console.Error));
        using var watch = new DamageWatch();
        try
        {
            var exitCode = await action(parsed, cancellationToken);
            foreach (var row in watch.Rows) await console.Error.WriteLineAsync($"damaged: {row}");
            return exitCode == ExitCodes.Success && tellsDamage && watch.HasSeenDamage ? ExitCodes.SomeFailed : exitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (OptionsValidationException error)
        {
            foreach (var failure in error.Failures) await parsed.InvocationConfiguration.Error.WriteLineAsync("error: " + failure);
            return ExitCodes.Invalid;
        }
        catch (Exception error) when (
            error is ResultFileException or BundleException or StoreException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync("error: " + error.Message);
            // A database that is away may be back at the next try; a verdict's codes are its own.
            return tellsDamage && error is StoreException { MayPass: true } ? ExitCodes.SomeFailed : ExitCodes.Invalid;
        }
    });
}
