using System.CommandLine;
using LiveClin.Evaluator.Runs;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary><c>runs stop</c>: asks every process that works on a run to stop, through the database that they share.</summary>
internal static class RunStop
{
    public static Command Create()
    {
        var id = RunsCommand.IdArgument();
        var command = new Command(
            "stop",
            "Stops a run in every process that works on it, where they share a database; what was answered stays, and it can be continued.")
        {
            id,
        };
        command.SetAction((parsed, cancellationToken) => CommandErrors.GuardAsync(parsed, async output =>
        {
            await using var results = RunsCommand.OpenExisting(parsed);
            var run = CommandErrors.RequireRun(results, parsed.GetValue(id)!);
            if (!await StopWish.SendAsync(results, run, cancellationToken))
            {
                output.WriteLine($"Nobody works on run {run.Id}.");
                return ExitCodes.Success;
            }

            await StopWish.WaitAsync(results, run, TimeProvider.System, cancellationToken);
            output.WriteLine($"Run {run.Id} has stopped. The command that began it goes on.");
            return ExitCodes.Success;
        }));
        return command;
    }
}
