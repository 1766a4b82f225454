using LiveClin.Core.Answers;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Runs;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>The runs of one command, condition after condition; with several of them, a line each at the end.</summary>
internal sealed class EvaluationSeries(EvaluateSettings settings, TextWriter output, TextWriter errors)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await RunAllAsync(cancellationToken);
        }
        catch (StoreException error) when (error.MayPass)
        {
            // Nothing is wrong with what was asked for: the database has been gone for longer than it is waited for. That is said, and
            // that the same command goes on.
            await errors.WriteLineAsync($"error: {RunText.Safe(error.Message)}");
            return cancellationToken.IsCancellationRequested ? ExitCodes.Interrupted : ExitCodes.SomeFailed;
        }
    }

    private async Task<int> RunAllAsync(CancellationToken cancellationToken)
    {
        await using var services = CommandServices.Compose(settings.Store, settings.MaxReplyBytes);
        var store = (await OpenAsync(services, cancellationToken)).TellingOutages(errors);
        if (settings.Conditions.Length > 1)
            await output.WriteLineAsync(
                $"Estimate of all {settings.Conditions.Length} conditions: {(await EstimateAsync(services, store, cancellationToken)).Describe(settings.Request.Price)}\n");
        var summary = new TextTable("CONDITION", "QUESTIONS", "CASES", "FAILURES", "RUN");
        var worst = ExitCodes.Success;
        foreach (var condition in settings.Conditions)
        {
            var evaluation = new Evaluation(settings, services.GetRequiredService<RunManager>(), store, output, errors);
            worst = Math.Max(worst, await evaluation.RunAsync(condition, cancellationToken));
            if (!evaluation.IsStoreGone) AddTo(summary, condition, evaluation, store);

            // What stops one of them (a key, a disk, the server, a person) stops all.
            if (evaluation.Run?.Status is RunStatus.Failed or RunStatus.Cancelled || cancellationToken.IsCancellationRequested) break;
            if (settings.Conditions.Length > 1) await output.WriteLineAsync();
        }

        if (settings.Conditions.Length > 1) summary.Write(output);
        if (settings.Conditions.Any(condition => condition.Name.Contains("none-of-the-above", StringComparison.Ordinal)))
            await output.WriteLineAsync(
                "none-of-the-above counts all questions here, unreviewed ones too; what reviews leave of it, 'controls' of the statistics says.");
        return worst;
    }

    // Of what is still to be asked.
    private async Task<RunEstimate> EstimateAsync(IServiceProvider services, ResultStore store, CancellationToken cancellationToken)
    {
        var planner = new RunPlanner(store, services.GetRequiredService<ReleaseLibrary>(), TimeProvider.System);
        var total = new RunEstimate(0, 0, 0, 0);
        foreach (var condition in settings.Conditions)
        {
            var plan = (await planner.PlanAsync(settings.Request with { Condition = condition }, cancellationToken)).Plan;
            total = total.Plus(RunEstimate.Of(plan, store));
            // What the last of them cannot do is better known before the first one has been paid for.
            if (await BlankImages.FindProblemAsync(plan, cancellationToken) is { } problem) throw new RunRefusedException(problem);
        }

        return total;
    }

    // Reading the release and opening the store take about as long: they go side by side.
    private async Task<ResultStore> OpenAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var (releases, request) = (services.GetRequiredService<ReleaseLibrary>(), settings.Request);
        var reading = Task.Run(() => releases.GetAsync(request.Release, request.Target.Limit, cancellationToken), CancellationToken.None);
        try
        {
            var store = services.GetRequiredService<ResultStore>();
            await reading;
            return store;
        }
        catch (StoreException)
        {
            await Task.WhenAny(reading);
            throw;
        }
    }

    private static void AddTo(TextTable summary, Condition condition, Evaluation evaluation, ResultStore store)
    {
        if (evaluation is not { Run: { } run, Target: { } target })
        {
            summary.Add(condition.Name, "-", "-", "-", "changes nothing");
            return;
        }

        var tally = store.Tally(run, target);
        summary.Add(
            condition.Name, RunText.Share(tally[Outcome.Correct], tally.Questions), RunText.Share(tally.CasesCorrect, tally.Cases),
            RunText.Failures(tally), run.Id);
    }
}
