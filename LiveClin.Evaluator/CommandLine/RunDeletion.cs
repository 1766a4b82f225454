using System.CommandLine;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary><c>runs delete</c>: a run and its answers, gone for good; asks before, unless told not to.</summary>
internal static class RunDeletion
{
    public static Command Create()
    {
        var id = RunsCommand.IdArgument();
        var yes = new Option<bool>("--yes") { Description = "Delete without asking." };
        var command = new Command("delete", "Deletes a run with all of its answers, for good.") { id, yes };
        command.SetAction((parsed, cancellationToken) => CommandErrors.GuardAsync(parsed, async output =>
        {
            await using var results = RunsCommand.OpenExisting(parsed);
            var run = CommandErrors.RequireRun(results, parsed.GetValue(id)!);
            RequireNobody(results, run);
            var what = $"run {run.Id} ({RunText.Safe(run.Specification.Model)} on {RunText.Safe(run.Specification.ReleaseName)}, {results.Tally(run).QuestionsAnswered} replies)";
            if (!parsed.GetValue(yes) && !await ConfirmAsync(what, output, cancellationToken))
            {
                output.WriteLine("Nothing was deleted.");
                return ExitCodes.Invalid;
            }

            RequireNobody(results, run); // whoever was asked may have taken an hour to say yes
            await results.WriteAsync(write => write.DeleteRun(run.Id));
            output.WriteLine($"Deleted {what}.");
            return ExitCodes.Success;
        }));
        return command;
    }

    // Whatever its status says: who was cut off for a while finds what others have said of the run since.
    private static void RequireNobody(ResultStore results, RunInfo run)
    {
        if (results.IsShared && results.FindWorkers(run) is { Count: > 0 } workers)
            throw new CommandException(
                $"Run {run.Id} is worked on by {string.Join(", ", workers)}. Stop it first (runs stop {run.Id}); nothing was deleted.");
    }

    private static async Task<bool> ConfirmAsync(string what, TextWriter output, CancellationToken cancellationToken)
    {
        output.Write($"Delete {what} for good? Type yes: ");
        output.Flush();
        return string.Equals((await Console.In.ReadLineAsync(cancellationToken))?.Trim(), "yes", StringComparison.OrdinalIgnoreCase);
    }
}
