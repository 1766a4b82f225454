using System.CommandLine;
using LiveClin.Core.Merging;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary><c>merge</c>: the runs of several stores in one.</summary>
internal static class MergeCommand
{
    private const int MostShown = 100;

    public static Command Create()
    {
        var stores = new Argument<string[]>("STORE")
        {
            Description = "Stores to take runs from, files or PostgreSQL databases; only read.", Arity = ArgumentArity.OneOrMore,
        };
        stores.CheckArguments(StoreLocation.FindProblem);
        var into = new Option<string>("--into")
        {
            Description = "The store that they go into; a file is made when absent.", HelpName = StoreLocation.Help, Required = true,
        }.CheckArguments(StoreLocation.FindProblem);
        var command = new Command(
            "merge",
            "Brings runs of several stores together: cases and epochs of one identity become one run, the same answers once. " +
            "Where two stores hold different replies, those of --into stay, the others are listed, and the exit code is 1; "
            + "so it is where something damaged is left out.") { stores,
                into };
        command.SetAction((parsed, cancellationToken) => CommandErrors.GuardAsync(parsed, async output =>
        {
            var (target, sources) = (parsed.GetValue(into)!, parsed.GetValue(stores)!);
            if (sources.Select(WholeName).Contains(WholeName(target)))
                throw new CommandException($"{WholeName(target)} cannot be merged into itself.");
            // A wrong name is said before anything is written.
            foreach (var source in sources) await ResultStore.OpenReadOnly(source).DisposeAsync();
            await using var merged = ResultStore.Open(target).TellingOutages(parsed.InvocationConfiguration.Error);
            var total = MergeResult.Nothing;
            foreach (var source in sources)
                total += await MergeAsync(source, merged, output, parsed.InvocationConfiguration.Error, cancellationToken);
            return total.Conflicts.Count == 0 && total.Damaged.Count == 0 ? ExitCodes.Success : ExitCodes.SomeFailed;
        }));
        return command;
    }

    // Two words for one store have one name; what is needed to reach a database may not be in it.
    private static string WholeName(string store) =>
        StoreLocation.Parse(store) is { IsDatabase: true } database ? database.Name : Path.GetFullPath(store);

    private static async Task<MergeResult> MergeAsync(string path, ResultStore target, TextWriter output, TextWriter errors,
        CancellationToken cancellationToken)
    {
        await using var source = ResultStore.OpenReadOnly(path);
        var result = await new StoreMerge(source, target).RunAsync(cancellationToken);
        output.WriteLine($"{WholeName(path)}: {result.RunsAdded} runs added, {result.RunsExtended} extended, {result.Conversations} conversations taken over");
        foreach (var damage in result.Damaged) errors.WriteLine($"damaged: {RunText.Safe(damage)}");
        foreach (var conflict in result.Conflicts.Take(MostShown))
        {
            errors.WriteLine(
                $"conflict: {RunText.Safe(conflict.Model)}, epoch {conflict.Epoch}, case {conflict.CaseOrdinal + 1}, question {conflict.QuestionIndex + 1}: " +
                $"the reply of run {RunText.Safe(conflict.SourceRun)} differs; that of run {RunText.Safe(conflict.TargetRun)} stays");
        }

        if (result.Conflicts.Count > MostShown) errors.WriteLine($"… and {result.Conflicts.Count - MostShown} conflicts more.");
        return result;
    }
}
