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
        var reading = Task.Run(() => releases.GetAsync(settings.Request.Release, cancellationToken), CancellationToken.None);
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
        await new ProgressLine(session, errors, onTerminal).ShowAsync();
        var run = await session.Completion;
        await ReportAsync(run, session.Release, store);
        return await ConcludeAsync(run, session.Progress, cancellationToken.IsCancellationRequested);
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
        await output.WriteLineAsync($"{(session.Resumed ? "Resuming run" : "Run")} {session.Run.Id}: {RunText.Safe(spec.Model)} on {RunText.Safe(spec.ReleaseName)} ({release.Cases.Length} cases, {release.QuestionCount} questions) at {spec.Endpoint}");
        await output.WriteLineAsync($"Parameters: {spec.ParametersJson}");
        await output.WriteLineAsync($"Store: {store.Path}");
        foreach (var warning in release.Warnings.Take(10)) await errors.WriteLineAsync($"warning: {RunText.Safe(warning.ToString())}");
        if (release.Warnings.Length > 10) await errors.WriteLineAsync($"warning: … and {release.Warnings.Length - 10} more; `dataset verify` lists them all.");
    }

    // The published v1 summary, then what it does not say: every share with its denominator, and what was not answered.
    private async Task ReportAsync(RunInfo run, Release release, ResultStore store)
    {
        var tally = Task.Run(() => store.Tally(run));
        var results = new RunResults(run, release, store.GetAnswers(run.Id));
        var published = RunExporter.ToV1(results);
        await output.WriteAsync(V1SummaryText.Render(published.Meta, published.Summary));
        RunDetails.WriteScores(output, await tally);
        if (settings.Output is { } file)
        {
            RunExporter.WriteV1(results, file);
            await output.WriteLineAsync($"v1 results file: {Path.GetFullPath(file)}");
        }

        if (settings.ExportFolder is not { } folder) return;
        var export = CoreExport.Write(store, results, folder, CancellationToken.None);
        await output.WriteLineAsync($"core folder: {Path.GetFullPath(folder)} ({export.Written} case files)");
    }

    private async Task<int> ConcludeAsync(RunInfo run, RunProgress progress, bool interrupted)
    {
        if (run.Status == RunStatus.Failed) await errors.WriteLineAsync($"error: {RunText.Safe(run.StatusReason)}");
        if (interrupted)
        {
            await errors.WriteLineAsync("Interrupted. Everything answered so far is stored; the same command with --resume goes on from there.");
            return ExitCodes.Interrupted;
        }

        if (run.Status == RunStatus.Failed && progress.QuestionsDone == 0) return ExitCodes.Invalid;
        if (progress.Unanswered == 0) return ExitCodes.Success;
        await errors.WriteLineAsync($"{progress.Unanswered} of {progress.QuestionsTotal} questions have no reply; the same command with --resume asks those again that can be asked.");
        return ExitCodes.SomeFailed;
    }
}
