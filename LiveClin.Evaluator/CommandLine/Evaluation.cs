using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Exchange;
using LiveClin.Core.Results;
using LiveClin.Core.Statistics;
using LiveClin.Evaluator.Runs;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>One run on the command line: start, progress, summary, files, exit code.</summary>
internal sealed class Evaluation(EvaluateSettings settings, TextWriter output, TextWriter errors)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var services = CommandServices.Compose(settings.Store);
        // Reading the release and opening the store take about as long: they go side by side.
        var releases = services.GetRequiredService<ReleaseLibrary>();
        var request = settings.Request;
        var reading = Task.Run(() => releases.GetAsync(request.Release, request.Target.Limit, cancellationToken), CancellationToken.None);
        var store = await OpenStoreAsync(services, reading);
        await reading;
        var runs = services.GetRequiredService<RunManager>();

        var session = await runs.StartAsync(settings.Request, cancellationToken, settings.Verbose ? WriteAnswer : null);
        await AnnounceAsync(session, store);
        using var stop = cancellationToken.Register(() =>
        {
            errors.WriteLine("\nStopping: no further question is asked; waiting up to 10 s for replies under way.");
            _ = session.StopAsync();
        });
        var onTerminal = ReferenceEquals(errors, Console.Error) && !Console.IsErrorRedirected;
        if (session.Start != RunStart.NothingToAsk) await new ProgressLine(session, errors, onTerminal).ShowAsync();
        var run = await session.Completion;
        await ReportAsync(run, session, store);
        return await ConcludeAsync(run, session, cancellationToken.IsCancellationRequested);
    }

    private static async Task<ResultStore> OpenStoreAsync(IServiceProvider services, Task reading)
    {
        try
        {
            return services.GetRequiredService<ResultStore>();
        }
        catch (StoreException)
        {
            await Task.WhenAny(reading);
            throw;
        }
    }

    // One line per answer that is on disk: case, question, outcome, letter.
    private void WriteAnswer(Case one, Answer answer)
    {
        var error = answer.ErrorMessage is { } message ? $" ({RunText.Safe(message)})" : "";
        lock (output) output.WriteLine($"{one.Id} Q{answer.QuestionIndex + 1} {answer.Outcome.ToString().ToLowerInvariant()} {answer.Letter ?? "-"}{error}");
    }

    private async Task AnnounceAsync(RunSession session, ResultStore store)
    {
        var spec = session.Run.Specification;
        var release = session.Release;
        var (run, epochs) = (session.Run.Id, session.Target.Epochs);
        var model = $"{RunText.Safe(spec.Model)} on {RunText.Safe(spec.ReleaseName)} ({release.Cases.Length} cases, {release.QuestionCount} questions{(epochs == 1 ? "" : $", {epochs} epochs")})";
        await output.WriteLineAsync(session.Start switch
        {
            RunStart.Begun => $"Run {run}: {model} at {spec.Endpoint}",
            RunStart.Continued => $"Continuing run {run}: {model} at {spec.Endpoint}; {session.Progress.Answered} of {session.Progress.QuestionsTotal} questions are answered already",
            _ => session.Progress.Unanswered == 0
                ? $"Run {run} is complete already: {model}. Nothing is asked; --fresh begins another run."
                : $"Run {run} has nothing left to ask: {model}.",
        });
        await output.WriteLineAsync($"Parameters: {spec.ParametersJson}");
        await output.WriteLineAsync($"Store: {store.Path}");
        foreach (var warning in release.Warnings.Take(10)) await errors.WriteLineAsync($"warning: {RunText.Safe(warning.ToString())}");
        if (release.Warnings.Length > 10) await errors.WriteLineAsync($"warning: … and {release.Warnings.Length - 10} more; `dataset verify` lists them all.");
    }

    // The published v1 summary, then what it does not say: every share with its denominator, and what was not answered.
    private async Task ReportAsync(RunInfo run, RunSession session, ResultStore store)
    {
        // A run that never reached its server has no numbers: the reason is all there is to say.
        if (run.Status == RunStatus.Failed && session.Progress.QuestionsDone == 0) return;
        var counted = store.Tally(run, session.Target);
        if (counted.QuestionsDone < counted.Questions)
        {
            await output.WriteLineAsync(
                $"Partial: {counted.QuestionsDone} of {counted.Questions} questions have been dealt with. These are not the model's results; what is missing counts as wrong in the published numbers.");
        }

        var results = new RunResults(run, session.Release, store.GetEpoch(run.Id, 1));
        var published = RunExporter.ToV1(results);
        if (session.Target.Epochs > 1) await output.WriteLineAsync("Epoch 1:");
        await output.WriteAsync(V1SummaryText.Render(published.Meta, published.Summary));
        if (session.Target.Epochs > 1) await output.WriteLineAsync($"All {session.Target.Epochs} epochs:");
        RunDetails.WriteScores(output, counted);
        if (settings.Output is { } file)
        {
            RunExporter.WriteV1(results, file);
            await output.WriteLineAsync($"v1 results file: {Path.GetFullPath(file)}");
        }

        if (settings.ExportFolder is not { } folder) return;
        var export = CoreExport.Write(store, results, folder, CancellationToken.None);
        await output.WriteLineAsync($"core folder: {Path.GetFullPath(folder)} ({export.Written} case files)");
    }

    private async Task<int> ConcludeAsync(RunInfo run, RunSession session, bool interrupted)
    {
        var progress = session.Progress;
        if (run.Status == RunStatus.Failed) await errors.WriteLineAsync($"error: {RunText.Safe(run.StatusReason)}");
        if (interrupted)
        {
            await errors.WriteLineAsync("Interrupted. Everything answered so far is stored; the same command goes on from there.");
            return ExitCodes.Interrupted;
        }

        if (session.IsRefused || (run.Status == RunStatus.Failed && progress.QuestionsDone == 0)) return ExitCodes.Invalid;
        if (progress.Unanswered == 0) return ExitCodes.Success;
        var advice = session.Start == RunStart.NothingToAsk
            ? "they were filtered, or truncated or refused without text, and are asked again only with --retry-filtered."
            : "the same command asks those again that can be asked.";
        await errors.WriteLineAsync($"{progress.Unanswered} of {progress.QuestionsTotal} questions have no reply; {advice} 'runs failures {run.Id}' says why.");
        return ExitCodes.SomeFailed;
    }
}
