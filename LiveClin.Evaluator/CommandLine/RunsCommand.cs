using System.CommandLine;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary><c>runs</c>: what is in the store, and what people say of it.</summary>
internal static class RunsCommand
{
    public static Command Create() => new("runs", "Shows the runs in the store, chooses, names, hides, tags, stops and deletes them.")
    {
        CreateList(), CreateShow(), RunFailures.Create(), CreateUse(), CreateHide(), CreateName(), CreateTag(), RunStop.Create(),
        RunDeletion.Create(),
    };

    private static Command CreateList()
    {
        var all = new Option<bool>("--all") { Description = "Hidden and superseded runs, too." };
        var command = new Command("list", "Lists the runs, newest first.") { all };
        command.SetAction(async (parsed, _) => await CommandErrors.GuardAsync(parsed, async output =>
        {
            await using var results = ResultStore.OpenReadOnly(parsed.GetValue(CommonOptions.Store)!);
            RunTable.Write(output, results, parsed.GetValue(all));
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command CreateShow()
    {
        var id = IdArgument();
        var command = new Command("show", "Shows one run: what it asks, how far it is, how well it went, what failed.") { id };
        command.SetAction(async (parsed, _) => await CommandErrors.GuardAsync(parsed, async output =>
        {
            await using var results = ResultStore.OpenReadOnly(parsed.GetValue(CommonOptions.Store)!);
            var isSound = RunDetails.Write(output, results, CommandErrors.RequireRun(results, parsed.GetValue(id)!));
            return isSound ? ExitCodes.Success : ExitCodes.SomeFailed;
        }));
        return command;
    }

    private static Command CreateUse()
    {
        var undo = new Option<bool>("--undo")
        {
            Description = "Leave the choice to the rule again: complete before partial, then the newest.",
        };
        return CreateChange(
            "use", "Lets a run stand for its model and setting on the leaderboard, instead of any other.", undo,
            (write, run, parsed) => write.SetChosen(run.Id, !parsed.GetValue(undo)),
            (run, parsed) => parsed.GetValue(undo)
                ? $"Run {run.Id} is not chosen any more." : $"Run {run.Id} now stands for its model and setting.");
    }

    private static Command CreateHide()
    {
        var undo = new Option<bool>("--undo") { Description = "Show it again." };
        return CreateChange(
            "hide", "Takes a run off the leaderboard; it stays in the store and is continued as before.", undo,
            (write, run, parsed) => write.SetHidden(run.Id, !parsed.GetValue(undo)),
            (run, parsed) => parsed.GetValue(undo) ? $"Run {run.Id} is shown again." : $"Run {run.Id} is hidden.");
    }

    private static Command CreateName()
    {
        var name = new Argument<string?>("NAME")
        {
            Description = $"What it shall be called, up to {RunNames.Longest} characters.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var remove = new Option<bool>("--remove") { Description = "Take the name away." };
        var command = CreateChange(
            "name", "Names a run's model and setting: the name stands in its label in the place of what differs from its namesakes.",
            remove,
            (write, run, parsed) => write.SetName(run.Id, parsed.GetValue(name)),
            (run, parsed) => parsed.GetValue(name) is { } given
                ? $"Run {run.Id} is called {given} now." : $"Run {run.Id} has no name now.");
        command.Arguments.Add(name);
        command.Validators.Add(result =>
        {
            var given = result.GetValue(name);
            if (given is null != result.GetValue(remove)) result.AddError("Give a NAME, or --remove to take it away.");
            else if (given is not null && !RunNames.IsValid(given)) result.AddError($"'{RunText.Safe(given)}': a name {RunNames.Rule}");
        });
        return command;
    }

    private static Command CreateTag()
    {
        var tags = new Argument<string[]>("TAG")
        {
            Description = $"Words for the run, up to {RunTags.Longest} characters each.",
            Arity = ArgumentArity.OneOrMore,
        };
        tags.Validators.Add(result =>
        {
            foreach (var tag in result.GetValueOrDefault<string[]>() ?? [])
                if (!RunTags.IsValid(tag)) result.AddError($"'{RunText.Safe(tag)}': a tag {RunTags.Rule}");
        });
        var remove = new Option<bool>("--remove") { Description = "Take these tags away." };
        var command = CreateChange(
            "tag", "Gives a run words, or takes them away.", remove,
            (write, run, parsed) => write.SetTags(run.Id, Changed(run, parsed)),
            (run, parsed) => $"Run {run.Id}: {(Changed(run, parsed) is { Count: > 0 } left ? string.Join(", ", left) : "no tags")}");
        command.Arguments.Add(tags);
        return command;

        IReadOnlyList<string> Changed(RunInfo run, ParseResult parsed) => parsed.GetValue(remove)
            ? RunTags.Change(run.Tags, [], parsed.GetValue(tags)!)
            : RunTags.Change(run.Tags, parsed.GetValue(tags)!, []);
    }

    private static Command CreateChange(
        string name, string description, Option option, Action<StoreTransaction, RunInfo, ParseResult> change,
        Func<RunInfo, ParseResult, string> describe)
    {
        var id = IdArgument();
        var command = new Command(name, description) { id, option };
        command.SetAction(async (parsed, _) => await CommandErrors.GuardAsync(parsed, async output =>
        {
            await using var results = OpenExisting(parsed);
            var run = CommandErrors.RequireRun(results, parsed.GetValue(id)!);
            await results.WriteAsync(write => change(write, run, parsed));
            output.WriteLine(RunText.Safe(describe(run, parsed)));
            return ExitCodes.Success;
        }));
        return command;
    }

    /// <summary>The run that a subcommand is about.</summary>
    public static Argument<string> IdArgument() => new("ID")
    {
        Description = "The run: its identifier, or an unambiguous beginning of it.",
    };

    /// <summary>Opens the store for a change; a change of nothing creates no store.</summary>
    /// <exception cref="StoreException">There is no store.</exception>
    public static ResultStore OpenExisting(ParseResult parsed) =>
        ResultStore.OpenExisting(parsed.GetValue(CommonOptions.Store)!).TellingOutages(parsed.InvocationConfiguration.Error);
}
