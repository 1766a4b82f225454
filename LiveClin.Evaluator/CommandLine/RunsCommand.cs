using System.CommandLine;
using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary><c>runs list</c> and <c>runs show</c>: what is in the store.</summary>
internal static class RunsCommand
{
    public static Command Create() => new("runs", "Shows the runs in the store.") { CreateList(), CreateShow() };

    private static Command CreateList()
    {
        var command = new Command("list", "Lists all runs, newest first.");
        command.SetAction(async (parsed, _) => await CommandErrors.GuardAsync(parsed, async output =>
        {
            await using var results = ResultStore.OpenReadOnly(parsed.GetValue(CommonOptions.Store)!);
            var table = new TextTable("RUN", "MODEL", "RELEASE", "STATUS", "QUESTIONS", "CASES", "FAILED", "STARTED", "SOURCE");
            foreach (var run in results.ListRuns())
            {
                var tally = results.Tally(run);
                table.Add(
                    run.Id, RunText.Safe(run.Specification.Model), RunText.Safe(run.Specification.ReleaseName), RunText.Status(run),
                    RunText.Share(tally[Outcome.Correct], tally.Questions), RunText.Share(tally.CasesCorrect, tally.Cases),
                    tally.QuestionsFailed.ToString(System.Globalization.CultureInfo.InvariantCulture), RunText.Time(run.StartedAt), RunText.Safe(run.Source));
            }

            table.Write(output);
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command CreateShow()
    {
        var id = new Argument<string>("ID") { Description = "The run: its identifier, or an unambiguous beginning of it." };
        var command = new Command("show", "Shows one run: what it asked, how far it is, how well it went.") { id };
        command.SetAction(async (parsed, _) => await CommandErrors.GuardAsync(parsed, async output =>
        {
            await using var results = ResultStore.OpenReadOnly(parsed.GetValue(CommonOptions.Store)!);
            RunDetails.Write(output, results, CommandErrors.RequireRun(results, parsed.GetValue(id)!));
            return ExitCodes.Success;
        }));
        return command;
    }
}
