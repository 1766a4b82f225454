using System.CommandLine;
using System.Globalization;
using LiveClin.Core.Answers;
using LiveClin.Core.Exchange;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Imports;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>
/// <c>rescore</c>: extracts the letters of all stored replies anew and shows what would change; stores it only when asked to.
/// </summary>
internal static class RescoreCommand
{
    public static Command Create()
    {
        var run = CommonOptions.Run();
        var protocol = new Option<ExtractionProtocol>("--protocol")
        {
            Description = "Generation of the published rule: core or v1 (they differ in replies whose last line is one letter).",
            HelpName = "core|v1",
            DefaultValueFactory = _ => ExtractionProtocol.Core,
        };
        var apply = new Option<bool>("--apply")
        {
            Description = "Store the new letters and outcomes; without it they are only shown. The replies stay as they are in any case.",
        };
        var command = new Command("rescore",
            "Applies the published extraction rule to a run's stored replies again and shows what changes.") { run, protocol, apply };
        command.SetAction((parsed, _) => CommandErrors.GuardAsync(parsed, async output =>
        {
            var path = parsed.GetValue(CommonOptions.Store)!;
            await using var target = parsed.GetValue(apply) ? RunsCommand.OpenExisting(parsed) : ResultStore.OpenReadOnly(path);
            var rescored = CommandErrors.RequireRun(target, parsed.GetValue(run)!);
            var epochs = Enumerable.Range(1, rescored.Target.Epochs).Select(epoch => RunResults.Load(target, rescored, epoch)).ToList();
            List<RescoredAnswer> changes = [.. epochs.SelectMany(results => Rescoring.Find(results, parsed.GetValue(protocol)))];
            Write(output, epochs, changes);
            List<StoreDamage> damaged = [.. epochs.SelectMany(results => results.Damaged).Distinct()];
            foreach (var damage in damaged)
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"damaged: {RunText.Safe(damage.ToString())}");
            if (parsed.GetValue(apply) && changes.Count > 0) await Rescoring.ApplyAsync(target, rescored, changes);
            if (changes.Count > 0) output.WriteLine(parsed.GetValue(apply) ? "Stored." : "Nothing was stored; --apply stores it.");
            return damaged.Count == 0 ? ExitCodes.Success : ExitCodes.SomeFailed;
        }));
        return command;
    }

    private static void Write(TextWriter output, IReadOnlyList<RunResults> epochs, IReadOnlyList<RescoredAnswer> changes)
    {
        if (changes.Count > 0)
        {
            var table = new TextTable("EPOCH", "CASE", "QUESTION", "KEY", "STORED", "NOW");
            foreach (var change in changes)
                table.Add(
                    change.Before.Epoch.ToString(CultureInfo.InvariantCulture), RunText.Safe(change.Case.Id),
                    (change.Question.Index + 1).ToString(CultureInfo.InvariantCulture), RunText.Safe(change.Question.Key),
                    Describe(change.Before), Describe(change.After));
            table.Write(output);
            output.WriteLine();
        }

        var questions = epochs.Sum(results => results.Release.QuestionCount);
        var before = epochs.Sum(results => results.Release.Cases.Sum(@case => results.Of(@case).Count(answer => answer.IsCorrect)));
        var after = before + changes.Count(change => change.After.IsCorrect) - changes.Count(change => change.Before.IsCorrect);
        output.WriteLine($"{changes.Count} of {questions} questions change: {RunText.Share(before, questions)} correct as stored, {RunText.Share(after, questions)} now.");
    }

    private static string Describe(Answer answer) =>
        $"{answer.Letter ?? "-"} {answer.Outcome.ToString().ToLowerInvariant()} ({answer.Rule.ToString().ToLowerInvariant()})";
}
