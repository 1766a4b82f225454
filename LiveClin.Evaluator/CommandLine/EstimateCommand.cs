using System.CommandLine;
using System.Globalization;
using LiveClin.Core.Costs;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Costs;
using LiveClin.Evaluator.Runs;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary><c>estimate</c>: what the same <c>evaluate</c> would ask, and what that would take. Asks nothing and stores nothing.</summary>
internal static class EstimateCommand
{
    public static Command Create()
    {
        var options = new EvaluateOptions(isAsking: false);
        var reply = new Option<int?>("--reply-tokens")
        {
            Description = "Length of a reply in tokens, thinking included (else as the model's replies in the store, else 300).",
            HelpName = "N",
        };
        var command = new Command("estimate",
            "Tells how many requests and tokens the same evaluate would take, and with --price what that costs; asks nothing and stores nothing.");
        options.AddTo(command);
        command.Options.Add(reply);
        reply.Check(tokens => tokens < 1 ? $"{reply.Name} must be at least 1." : null);
        command.SetAction((parsed, cancellationToken) => CommandErrors.GuardAsync(parsed, async output =>
        {
            await WriteAsync(options.Read(parsed), parsed.GetValue(reply), output, cancellationToken);
            return ExitCodes.Success;
        }));
        return command;
    }

    private static async Task WriteAsync(EvaluateSettings settings, int? replyTokens, TextWriter output,
        CancellationToken cancellationToken)
    {
        using var releases = new ReleaseLibrary(null);
        // What is answered already is not asked again; without a store everything is.
        using var empty = new TemporaryStore();
        await using var store = OpenOr(settings.Store, empty.Path);
        var planner = new RunPlanner(store, releases, TimeProvider.System);
        var price = settings.Request.Price;
        var table = new TextTable(["CONDITION", "CASES", "QUESTIONS", "TO ASK", "PROMPT TOKENS", "OF IMAGES", "REPEATED", "REPLY TOKENS",
            .. price is null ? [] : (string[])["COST"]]);
        var total = new RunEstimate(0, 0, 0, 0);
        foreach (var condition in settings.Conditions)
        {
            var plan = (await planner.PlanAsync(settings.Request with { Condition = condition }, cancellationToken)).Plan;
            var estimate = RunEstimate.Of(plan, store, replyTokens);
            table.Add([condition.Name, Number(plan.Conversations.Length), Number(plan.QuestionCount), .. Cells(estimate, price)]);
            total = total.Plus(estimate);
        }

        if (settings.Conditions.Length > 1) table.Add(["total", "", "", .. Cells(total, price)]);
        table.Write(output);
        await output.WriteLineAsync();
        await WriteAssumptionsAsync(settings, replyTokens, store, output);
    }

    // A database in which nothing has been stored yet is as good as a file that is not there.
    private static ResultStore OpenOr(string store, string empty)
    {
        try
        {
            return StoreLocation.Parse(store).MayExist ? ResultStore.OpenReadOnly(store) : ResultStore.Open(empty);
        }
        catch (StoreException error) when (error.Problem == StoreProblem.Empty)
        {
            return ResultStore.Open(empty);
        }
    }

    private static async Task WriteAssumptionsAsync(EvaluateSettings settings, int? replyTokens, ResultStore store, TextWriter output)
    {
        var apiId = settings.Request.Endpoint.ApiId;
        await output.WriteLineAsync(
            "Text by OpenAI's o200k tokenizer, an approximation for other models. Repeated tokens were sent by the turn before.");
        await output.WriteLineAsync($"Images by the rule that fits the name best, {ImageTokens.For(apiId).Name}.");
        await output.WriteLineAsync(replyTokens is { } given ? $"Replies of {given} tokens each, as asked for."
            : store.MeanReply(apiId) is { } mean
                ? $"Replies as long as those of {RunText.Safe(apiId)} in the store: {mean.Whole.ToString("N0", CultureInfo.InvariantCulture)} tokens on average."
                : $"Replies of {RunEstimate.AssumedReplyTokens} tokens each: the store has none of {RunText.Safe(apiId)}. A model that thinks writes more (--reply-tokens).");
        await output.WriteLineAsync(settings.Request.Price is not { } price
            ? "No costs without --price."
            : $"Costs at {price}: from everything repeated served by a prefix cache to nothing of it; failed and repeated requests come on top.");
    }

    private static IEnumerable<string> Cells(RunEstimate estimate, Price? price) =>
    [
        Number(estimate.Requests), Number(estimate.InputTokens), Number(estimate.ImageTokens), Number(estimate.RepeatedInputTokens),
        Number(estimate.OutputTokens),
        .. price is null ? [] : (string[])[estimate.CostRange(price)],
    ];

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private sealed class TemporaryStore : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("liveclin-estimate-");

        public string Path => System.IO.Path.Combine(_folder.FullName, "store.db");

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
