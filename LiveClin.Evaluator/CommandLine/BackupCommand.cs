using System.CommandLine;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary><c>backup</c>: a copy of the store, also while a run writes to it.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The copy; must not exist yet." };
        var command = new Command("backup",
            "Copies the store as it is at this moment into one file, also while a run writes to it.") { file };
        command.SetAction((parsed, _) => CommandErrors.GuardAsync(parsed, async output =>
        {
            await using var store = ResultStore.OpenReadOnly(parsed.GetValue(CommonOptions.Store)!);
            var copy = Path.GetFullPath(parsed.GetValue(file)!);
            store.BackUpTo(copy);
            await using var written = ResultStore.OpenReadOnly(copy);
            var runs = written.ListRuns().Count;
            output.WriteLine($"{copy}: {runs} {(runs == 1 ? "run" : "runs")}");
            return ExitCodes.Success;
        }));
        return command;
    }
}
