using Grpc.Core;
using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Services;
using LiveClin.Evaluator.V1;

namespace LiveClin.AppHost.Sweep;

/// <summary>How a watched run ended.</summary>
/// <param name="Failure">Why it is not complete, or null.</param>
/// <param name="ServerDied">True when it was stopped because its model server died.</param>
internal sealed record RunEnding(Failure? Failure, bool ServerDied = false);

/// <summary>Watches a run to its end, through pauses, the death of the evaluator, and the death or silence of its server.</summary>
internal sealed class RunWatcher(EvaluatorClient evaluator, EvaluatorKeeper keeper, ServerController servers, PauseGate gate, ModelRunPublisher publisher, TimeProvider time, SweepNews news)
{
    private const int MaximumLosses = 30;
    private const int SilenceChecks = 10;
    private static readonly TimeSpan LossPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(20);

    public async Task<RunEnding> WatchAsync(ModelRun run, ManagedServerResource? server, CancellationToken cancellationToken)
    {
        for (var losses = 0; ;)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, gate.Closing);
            var errors = new ErrorStreak(run.Progress);
            var following = FollowAsync(run, errors, stop.Token);
            Task[] endings = server is null ? [following]
                : [following, servers.WaitForEndAsync(server, stop.Token), WaitForSilenceAsync(run, server, stop.Token), WaitForErrorsAsync(run, errors, stop.Token)];
            try
            {
                if (await Task.WhenAny(endings) is Task<Failure> { IsCompletedSuccessfully: true } died)
                {
                    await stop.CancelAsync();
                    await CancelAsync(run);
                    return new RunEnding(await died, ServerDied: true);
                }

                await following;
                if (run.Run is { Status: RunStatus.Running, Active: false } && ++losses <= MaximumLosses)
                {
                    run.Run = await evaluator.StartAsync(run, fresh: false, cancellationToken);
                    continue;
                }

                if (server is not null && errors.IsReached && ServerErrors(run) is { } broken) return new RunEnding(broken, ServerDied: true);
                return new RunEnding(run.Run!.Status switch
                {
                    RunStatus.Completed or RunStatus.EndedWithFailures => null,
                    // More was asked for earlier than now: this sweep's part is done.
                    RunStatus.Cancelled when run.Progress.CasesDone == run.Progress.CasesTotal => null,
                    RunStatus.Failed => run.Run.HasStatusReason ? run.Run.StatusReason : "the run failed without a reason.",
                    // By a person or by a limit that was set: it says which.
                    _ => run.Run.HasStatusReason ? run.Run.StatusReason : "the run was cancelled; the same command continues it.",
                });
            }
            catch (Exception e) when (IsCancellation(e) && cancellationToken.IsCancellationRequested)
            {
                await CancelAsync(run);
                throw new OperationCanceledException(cancellationToken);
            }
            catch (Exception e) when (IsCancellation(e) && gate.IsPaused)
            {
                await CancelAsync(run);
                await publisher.StateAsync(run, "paused");
                await gate.PassAsync(cancellationToken);
                run.Run = await evaluator.StartAsync(run, fresh: false, cancellationToken);
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Internal && ++losses <= MaximumLosses)
            {
                SweepLog.EvaluatorLost(news.Of(run), run.Title, Describe(e));
                await publisher.StateAsync(run, "waiting for the evaluator");
                await Task.Delay(LossPause, time, cancellationToken);
                if (!await keeper.BringBackAsync(cancellationToken)) throw;
            }
            finally
            {
                await stop.CancelAsync();
            }
        }
    }

    /// <summary>What a refused call said.</summary>
    public static string Describe(RpcException exception) =>
        exception.Status.Detail is { Length: > 0 } detail ? detail : exception.StatusCode.ToString();

    private static bool IsCancellation(Exception exception) => exception is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled };

    // Out of memory, a server may answer its health check and nothing else.
    private async Task<Failure> WaitForErrorsAsync(ModelRun run, ErrorStreak errors, CancellationToken cancellationToken)
    {
        while (true)
        {
            await errors.Reached.WaitAsync(cancellationToken);
            run.Run = await evaluator.FindAsync(run.Run!.Id, cancellationToken) ?? run.Run;
            if (ServerErrors(run) is { } broken) return broken;
            errors.Reset(run.Progress); // other failures: no matter of a restart
        }
    }

    private static Failure? ServerErrors(ModelRun run)
    {
        var isServer = run.Run!.Failures.Where(failure => failure.Kind.StartsWith("http_5", StringComparison.Ordinal) || failure.Kind == "server_error")
            .Sum(failure => failure.Questions) >= ErrorStreak.Patience;
        return isServer ? $"it answers every question with an error: {SweepText.Causes(run)}." : null;
    }

    private async Task FollowAsync(ModelRun run, ErrorStreak errors, CancellationToken cancellationToken)
    {
        var isVisionKnown = run.Vision is not null;
        await foreach (var change in evaluator.WatchAsync(run.Run!.Id, cancellationToken))
        {
            if (change.Snapshot is { } snapshot) run.Run = snapshot;
            else if (change.Ended is { } ended) run.Run = ended;
            else if (change.Progress is { } progress) run.Run!.Progress = progress;
            if (!isVisionKnown && run.Progress.QuestionsDone > 0)
            {
                // Made before the first question, and no progress of its own.
                isVisionKnown = true;
                run.Run = await evaluator.FindAsync(run.Run!.Id, cancellationToken) ?? run.Run;
            }

            errors.Observe(run.Progress);
            await publisher.ProgressAsync(run);
        }
    }

    // A server under load may fail its health check, and one that thinks may be silent for long; one that is both for so long hangs.
    private async Task<Failure> WaitForSilenceAsync(ModelRun run, ManagedServerResource server, CancellationToken cancellationToken)
    {
        var limit = server.Model.SilenceTimeout;
        var (answered, since) = (run.Progress.QuestionsDone, time.GetTimestamp());
        using var timer = new PeriodicTimer(limit / SilenceChecks, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (run.Progress.QuestionsDone != answered || await LoopbackHttp.AnswersAsync(server.ReadinessUrl, cancellationToken)) (answered, since) = (run.Progress.QuestionsDone, time.GetTimestamp());
            else if (time.GetElapsedTime(since) >= limit) break;
        }

        return new Failure($"for {limit} it has answered nothing, and {server.Template.ReadinessPath} fails.");
    }

    private async Task CancelAsync(ModelRun run)
    {
        using var patience = new CancellationTokenSource(CancelPatience);
        try
        {
            run.Run = await evaluator.CancelAsync(run.Run!.Id, patience.Token);
        }
        catch (RpcException e)
        {
            // The evaluator stops too, or is gone; its answers are safe either way.
            SweepLog.CancelFailed(news.Of(run), run.Title, Describe(e));
        }
    }
}
