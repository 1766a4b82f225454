using LiveClin.Core.Cases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Images;
using LiveClin.Evaluator.Models;
using LiveClin.Evaluator.Runs;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>One run on the command line: start, progress, summary, files, exit code.</summary>
internal sealed class Evaluation(EvaluateSettings settings)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (settings.KeyOnCommandLine)
            await Console.Error.WriteLineAsync("warning: --api-key can be read by every user of this machine; use the environment variable LIVECLIN_API_KEY instead.");
        using var releases = new ReleaseLibrary(null);
        using var clients = new ModelClientFactory(NullLoggerFactory.Instance, TimeProvider.System);
        await using var store = ResultStore.Open(settings.Store);
        await using var runs = new RunManager(store, releases, new ImageLibrary(), clients, TimeProvider.System, NullLogger<RunManager>.Instance);

        var session = await runs.StartAsync(settings.Request, cancellationToken, settings.Verbose ? WriteAnswer : null);
        await AnnounceAsync(session, store);
        using var stop = cancellationToken.Register(() =>
        {
            Console.Error.WriteLine("\nStopping: no further question is asked; waiting up to 10 s for replies under way.");
            _ = session.StopAsync();
        });
        await new ProgressLine(session, Console.Error, !Console.IsErrorRedirected).ShowAsync();
        var run = await session.Completion;
        return await ReportAsync(run, session, store, cancellationToken.IsCancellationRequested);
    }

    // One line per answer that is on disk: case, question, outcome, letter.
    private static void WriteAnswer(Case one, Answer answer) =>
        Console.WriteLine($"{one.Id} Q{answer.QuestionIndex + 1} {answer.Outcome.ToString().ToLowerInvariant()} {answer.Letter ?? "-"}{(answer.ErrorMessage is { } error ? $" ({error})" : "")}");

    private static async Task AnnounceAsync(RunSession session, ResultStore store)
    {
        var spec = session.Run.Specification;
        Console.WriteLine($"{(session.Resumed ? "Resuming run" : "Run")} {session.Run.Id}: {spec.Model} on {spec.ReleaseName} ({session.Release.Cases.Length} cases, {session.Release.QuestionCount} questions) at {spec.Endpoint}");
        Console.WriteLine($"Parameters: {spec.ParametersJson}");
        Console.WriteLine($"Store: {store.Path}");
        await Console.Out.FlushAsync();
    }

    private async Task<int> ReportAsync(RunInfo run, RunSession session, ResultStore store, bool interrupted)
    {
        var progress = session.Progress;
        await RunSummary.WriteAsync(run, session.Release, store.GetAnswers(run.Id), Console.Out);
        await WriteFilesAsync(run, store);
        if (run.Status == RunStatus.Failed) await Console.Error.WriteLineAsync($"error: {run.StatusReason}");
        if (interrupted)
        {
            await Console.Error.WriteLineAsync("Interrupted. Everything answered so far is stored; the same command with --resume goes on from there.");
            return ExitCodes.Interrupted;
        }

        if (run.Status == RunStatus.Failed && progress.QuestionsDone == 0) return ExitCodes.Invalid;
        if (progress.Unanswered == 0) return ExitCodes.Success;
        await Console.Error.WriteLineAsync($"{progress.Unanswered} of {progress.QuestionsTotal} questions have no reply; the same command with --resume asks them again.");
        return ExitCodes.SomeFailed;
    }

    private async Task WriteFilesAsync(RunInfo run, ResultStore store)
    {
        await Task.CompletedTask;
    }
}
