using System.CommandLine;
using System.Globalization;
using LiveClin.Core.Failures;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary><c>runs failures</c>: why questions have no reply, with examples and what to do.</summary>
internal static class RunFailures
{
    public static Command Create()
    {
        var id = RunsCommand.IdArgument();
        var command = new Command("failures",
            "Shows why questions of a run have no reply: kind, message, number, examples, and what to do.") { id };
        command.SetAction((parsed, _) => CommandErrors.GuardAsync(parsed, async output =>
        {
            await using var results = ResultStore.OpenReadOnly(parsed.GetValue(CommonOptions.Store)!);
            var isSound = Write(output, results, CommandErrors.RequireRun(results, parsed.GetValue(id)!));
            return isSound ? ExitCodes.Success : ExitCodes.SomeFailed;
        }));
        return command;
    }

    private static bool Write(TextWriter output, ResultStore store, RunInfo run)
    {
        var answers = store.GetAnswers(run.Id);
        var cases = store.GetCases(run.Specification.ReleaseSha256);
        var damages = StoreDamage.Of(run.Id, answers, ordinal => cases.ElementAtOrDefault(ordinal)?.Id);
        var damaged = StoreDamage.SummarizeRun(run.Id, [.. damages]);
        if (damaged is not null) output.WriteLine($"damaged: {RunText.Safe(damaged)}");
        var summary = FailureSummary.Of(answers);
        if (run.StatusReason is { } reason) output.WriteLine($"Run {run.Id} {RunText.Status(run)}: {RunText.Safe(reason)}");
        if (summary.Groups.Count == 0)
        {
            output.WriteLine($"Run {run.Id}: no question failed.");
            return damaged is null;
        }

        output.WriteLine($"{Count(summary.Failed)} failed{(summary.Skipped > 0 ? $"; {Count(summary.Skipped)} after them in the same cases {(summary.Skipped == 1 ? "was" : "were")} not asked" : "")}.");
        foreach (var group in summary.Groups)
        {
            output.WriteLine();
            output.WriteLine($"{group.Count.ToString(CultureInfo.InvariantCulture)} × {RunText.Safe(group.Kind)}");
            output.WriteLine($"  message   {RunText.Safe(group.Message)}");
            output.WriteLine($"  examples  {string.Join("; ", group.Examples.Select(Example))}");
            output.WriteLine($"  to do     {group.Advice}");
        }

        return damaged is null;

        string Example(FailedQuestion failed)
        {
            var name = failed.CaseOrdinal < cases.Count ? cases[failed.CaseOrdinal].Id : $"case {failed.CaseOrdinal + 1}";
            return $"{RunText.Safe(name)} Q{failed.QuestionIndex + 1}{(run.Target.Epochs > 1 ? $" epoch {failed.Epoch}" : "")}";
        }
    }

    private static string Count(int questions) => questions == 1 ? "1 question"
        : string.Create(CultureInfo.InvariantCulture, $"{questions} questions");
}
