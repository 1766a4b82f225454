using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Conditions;
using LiveClin.Core.Exchange;
using LiveClin.Core.Failures;
using LiveClin.Core.Results;
using LiveClin.Core.Statistics;
using LiveClin.Core.Text;
using LiveClin.Evaluator.Runs;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>One run on the command line: start, progress, summary, files, exit code.</summary>
internal sealed class Evaluation(EvaluateSettings settings, RunManager runs, ResultStore store, TextWriter output, TextWriter errors)
{
    /// <summary>The run as it ended; null before.</summary>
    public RunInfo? Run { get; private set; }

    /// <summary>The target that was asked for; null before it began.</summary>
    public RunTarget? Target { get; private set; }

    /// <summary>True when the database was gone at the end: how the run stands cannot be told.</summary>
    public bool IsStoreGone { get; private set; }

    /// <summary>Holds the run under one of the conditions.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="cancellationToken">Stops it; the same command goes on.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(Condition condition, CancellationToken cancellationToken)
    {
        var session = await runs.StartAsync(settings.Request with { Condition = condition }, cancellationToken, settings.Verbose
            ? WriteAnswer : null);
        if (session.Release.Cases.IsEmpty)
        {
            await output.WriteLineAsync(NothingToAsk(condition, session.Target));
            return ExitCodes.Success;
        }

        await AnnounceAsync(session);
        using var stop = cancellationToken.Register(() => _ = StopAsync(session));
        var onTerminal = ShownWriter.IsOver(errors, Console.Error) && !Console.IsErrorRedirected;
        if (session.Start != RunStart.NothingToAsk) await new ProgressLine(session, errors, onTerminal).ShowAsync();
        var run = await session.Completion;
        (Run, Target) = (run, session.Target);
        if (store.Outage is not null || session.IsStoreSilent)
            return await LeaveAsync(run, session, cancellationToken.IsCancellationRequested);
        try
        {
            await ReportAsync(run, session);
            return await ConcludeAsync(run, session, cancellationToken.IsCancellationRequested);
        }
        catch (StoreException error) when (error.Problem is StoreProblem.Unreachable or StoreProblem.Refused)
        {
            // It went, or its password was changed, between the last write and the first look at what there is.
            return await LeaveAsync(run, session, cancellationToken.IsCancellationRequested);
        }
    }

    // The published condition asks every case that there is.
    private static string NothingToAsk(Condition condition, RunTarget target) => condition.IsPublished
        ? $"There is no case in {target.Describe()}: there is nothing to ask."
        : $"Condition {condition} changes no request of {target.Describe()}: there is nothing to ask.";

    // One line per answer that is on disk: case, question, outcome, letter.
    private void WriteAnswer(Case @case, Answer answer)
    {
        var error = answer.ErrorMessage is { } message ? $" ({RunText.Safe(message)})" : "";
        lock (output) output.WriteLine(
            $"{@case.Id} Q{answer.QuestionIndex + 1} {answer.Outcome.ToString().ToLowerInvariant()} {answer.Letter ?? "-"}{error}");
    }

    private async Task AnnounceAsync(RunSession session)
    {
        var spec = session.Run.Specification;
        var release = session.Release;
        var (run, epochs) = (session.Run.Id, session.Target.Epochs);
        var under = spec.Condition == RunSpecification.Published ? "" : $" under {spec.Condition}";
        var model = $"{RunText.Safe(spec.Model)}{under} on {RunText.Safe(spec.ReleaseName)} ({release.Cases.Length} cases, {release.QuestionCount} questions{(epochs == 1 ? "" : $", {epochs} epochs")})";
        await output.WriteLineAsync(session.Start switch
        {
            RunStart.Begun => $"Run {run}: {model} at {spec.Endpoint}",
            RunStart.Continued =>
                $"Continuing run {run}: {model} at {spec.Endpoint}; {session.Progress.Answered} of {session.Progress.QuestionsTotal} questions are answered already",
            _ => session.Progress.Unanswered == 0
                ? $"Run {run} is complete already: {model}. Nothing is asked; --fresh begins another run."
                : $"Run {run} has nothing left to ask: {model}.",
        });
        if (session.Estimate is { } estimate) await output.WriteLineAsync($"Estimate: {(await estimate).Describe(settings.Request.Price)}");
        await output.WriteLineAsync($"Parameters: {spec.ParametersJson}");
        await output.WriteLineAsync($"Store: {store.Path}");
        if (store.Warning is { } doubt) await errors.WriteLineAsync($"warning: {doubt}");
        foreach (var warning in release.Warnings.Take(10)) await errors.WriteLineAsync($"warning: {RunText.Safe(warning.ToString())}");
        while (session.TryTakeNotice(out var notice)) await errors.WriteLineAsync($"warning: {RunText.Safe(notice)}");
        if (release.Warnings.Length > 10)
            await errors.WriteLineAsync($"warning: … and {release.Warnings.Length - 10} more; `dataset verify` lists them all.");
    }

    // The published v1 summary, then what it does not say: every share with its denominator, and what was not answered.
    private async Task ReportAsync(RunInfo run, RunSession session)
    {
        // A run that never reached its server has no numbers: the reason is all there is to say.
        if (run.Status == RunStatus.Failed && session.Progress.QuestionsDone == 0) return;
        var counted = store.Tally(run, session.Target);
        if (counted.QuestionsDone < counted.Questions)
        {
            await output.WriteLineAsync(
                $"Partial: {counted.QuestionsAnswered} of {counted.Questions} questions have a reply, {counted.QuestionsFailed} failed "
                + $"or were skipped after a failure, {counted.Questions - counted.QuestionsDone} are open. These are not the model's "
                + "results; what is missing counts as wrong in the published numbers.");
        }

        var results = new RunResults(run, session.Release, store.GetEpoch(run.Id, 1), asked: store.GetRunCases(run.Id));
        var published = RunExporter.ToV1(results);
        if (session.Target.Epochs > 1) await output.WriteLineAsync("Epoch 1:");
        await output.WriteAsync(V1SummaryText.Render(published.Meta, published.Summary));
        if (session.Target.Epochs > 1) await output.WriteLineAsync($"All {session.Target.Epochs} epochs:");
        RunDetails.WriteScores(output, counted);
        if (settings.Request.Price is { } price)
            await output.WriteLineAsync($"Cost of this run's replies so far: {RunText.Cost(counted.Usage, price)}");
        if (run.Specification.Condition != settings.WrittenCondition.Name) return;
        if (settings.Output is { } file)
        {
            RunExporter.WriteV1(results, file);
            await output.WriteLineAsync($"v1 results file: {Path.GetFullPath(file)}");
        }

        if (settings.ExportFolder is not { } folder) return;
        var export = CoreExport.Write(store, results, folder, CancellationToken.None);
        await output.WriteLineAsync($"core folder: {Path.GetFullPath(folder)} ({export.Written} case files)");
    }

    // Said when it is true.
    private async Task StopAsync(RunSession session)
    {
        await session.StopAsync();
        var grace = $"{RunSession.Grace.TotalSeconds:0} s";
        await errors.WriteLineAsync($"\nStopping: no further question is asked; waiting up to {grace} for replies under way.");
    }

    // How the run stands, the database would have to say.
    private async Task<int> LeaveAsync(RunInfo run, RunSession session, bool interrupted)
    {
        IsStoreGone = true;
        if (run.Status == RunStatus.Failed) await errors.WriteLineAsync($"error: {RunText.Safe(run.StatusReason)}");
        var database = store.Outage is { } outage ? $"cannot be reached since {outage.SinceText}" : "does not answer";
        var stored = session.IsStoreSilent
            ? "Replies that came last may not be stored, and their questions are then asked again. Everything before"
            : UnstoredText(session.Progress.Unstored);
        await errors.WriteLineAsync($"{(interrupted ? "Interrupted" : "Stopped")} while the database {database}. {stored} is stored; "
            + "the same command goes on from there.");
        return interrupted ? ExitCodes.Interrupted : ExitCodes.SomeFailed;
    }

    private static string UnstoredText(int replies) => replies switch
    {
        0 => "Every reply that has come",
        1 => "1 reply that came meanwhile is not stored, and its question is asked again. Everything else",
        _ => $"{replies} replies that came meanwhile are not stored, and their questions are asked again. Everything else",
    };

    private string? FindDamage(RunInfo run, RunSession session)
    {
        var names = session.Release.Cases.ToDictionary(@case => @case.Ordinal, @case => @case.Id);
        return StoreDamage.SummarizeRun(
            run.Id, [.. StoreDamage.Of(run.Id, store.StreamAnswers(run.Id), ordinal => names.GetValueOrDefault(ordinal))]);
    }

    private async Task<int> ConcludeAsync(RunInfo run, RunSession session, bool interrupted)
    {
        var progress = session.Progress;
        if (run.Status == RunStatus.Failed) await errors.WriteLineAsync($"error: {RunText.Safe(run.StatusReason)}");
        if (progress.Unstored > 0) await errors.WriteLineAsync($"{UnstoredText(progress.Unstored)} is stored.");
        if (interrupted)
        {
            await errors.WriteLineAsync("Interrupted. Everything answered so far is stored; the same command goes on from there.");
            return ExitCodes.Interrupted;
        }

        if (session.IsAtLimit) await errors.WriteLineAsync(run.StatusReason);
        if (session.IsRefused || (run.Status == RunStatus.Failed && progress.QuestionsDone == 0 && !session.IsForNow))
            return ExitCodes.Invalid;
        var damaged = FindDamage(run, session);
        if (damaged is not null) await errors.WriteLineAsync($"damaged: {RunText.Safe(damaged)}");
        if (progress.Unanswered == 0)
            return run.Status == RunStatus.Failed || damaged is not null ? ExitCodes.SomeFailed : ExitCodes.Success;
        var follows = damaged is null ? "" : "follow on a damaged reply, or ";
        var advice = session.Start == RunStart.NothingToAsk
            ? $"they {follows}were filtered, truncated or refused without text, or the server was lost at them, and are asked again only "
                + "with --retry-filtered."
            : "the same command asks those again that can be asked.";
        var tally = store.Tally(run, session.Target);
        if (tally.FailuresByKind.Count > 0)
            await errors.WriteLineAsync($"failed {tally.FailuresByKind.Values.Sum()}: {FailureText.Of(tally)}");
        await errors.WriteLineAsync(
            $"{progress.Unanswered} of {progress.QuestionsTotal} questions have no reply; {advice} 'runs failures {run.Id}' says why.");
        return ExitCodes.SomeFailed;
    }
}
