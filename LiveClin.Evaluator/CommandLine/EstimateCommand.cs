using System.CommandLine;
using System.Globalization;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Runs;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary><c>estimate</c>: what the same <c>evaluate</c> would ask, and what that would take. Asks nothing and stores nothing.</summary>
internal static class EstimateCommand
{
    public static Command Create()
    {
        var options = new EvaluateOptions(isAsking: false);
        var command = new Command("estimate", "Tells how many requests and tokens the same evaluate would take; asks nothing and stores nothing.");
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandErrors.GuardAsync(parsed, async output =>
        {
            await WriteAsync(options.Read(parsed), output, cancellationToken);
            return ExitCodes.Success;
        }));
        return command;
    }

    private static async Task WriteAsync(EvaluateSettings settings, TextWriter output, CancellationToken cancellationToken)
    {
        using var releases = new ReleaseLibrary(null);
        // What is answered already is not asked again; without a store everything is.
        using var empty = new TemporaryStore();
        await using var store = File.Exists(settings.Store) ? ResultStore.OpenReadOnly(settings.Store) : ResultStore.Open(empty.Path);
        var planner = new RunPlanner(store, releases, TimeProvider.System);
        var table = new TextTable("CONDITION", "CASES", "QUESTIONS", "TO ASK", "PROMPT TOKENS", "REPEATED", "REPLY TOKENS");
        var total = new RunEstimate(0, 0, 0, 0);
        foreach (var condition in settings.Conditions)
        {
            var plan = (await planner.PlanAsync(settings.Request with { Condition = condition }, cancellationToken)).Plan;
            var estimate = RunEstimate.Of(plan, store);
            table.Add([condition.Name, Number(plan.Conversations.Length), Number(plan.QuestionCount), .. Cells(estimate)]);
            total = total.Plus(estimate);
        }

        if (settings.Conditions.Length > 1) table.Add(["total", "", "", .. Cells(total)]);
        table.Write(output);
        var apiId = settings.Request.Endpoint.ApiId;
        await output.WriteLineAsync();
        await output.WriteLineAsync("Prompt tokens by rules of thumb: four bytes of text each, 576 an image. Repeated ones were sent by the turn before.");
        await output.WriteLineAsync(store.MeanReplyTokens(apiId) is { } mean
            ? $"Replies as long as those of {RunText.Safe(apiId)} in the store: {mean.ToString("N0", CultureInfo.InvariantCulture)} tokens on average."
            : $"Replies of {RunEstimate.AssumedReplyTokens} tokens each: the store has none of {RunText.Safe(apiId)}.");
    }

    private static IEnumerable<string> Cells(RunEstimate estimate) =>
        [Number(estimate.Requests), Number(estimate.InputTokens), Number(estimate.RepeatedInputTokens), Number(estimate.OutputTokens)];

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private sealed class TemporaryStore : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("liveclin-estimate-");

        public string Path => System.IO.Path.Combine(_folder.FullName, "store.db");

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
