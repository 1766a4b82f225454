using Grpc.Core;
using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Services;
using LiveClin.Evaluator.V1;

namespace LiveClin.AppHost.Sweep;

/// <summary>How a watched run ended.</summary>
/// <param name="Failure">Why it is not complete, or null.</param>
/// <param name="ServerDied">True when it was stopped because its model server died.</param>
internal sealed record RunEnding(Failure? Failure, bool ServerDied = false)
{
    /// <summary>True when nothing was under way but questions that had been under way at a death before.</summary>
    public bool IsAtSuspects { get; init; }

    /// <summary>True when the question that the server dies at was found.</summary>
    public bool IsCauseFound { get; init; }
}

/// <summary>Watches a run to its end, through pauses, the death of the evaluator, and the death or silence of its server.</summary>
internal sealed class RunWatcher(EvaluatorClient evaluator, EvaluatorKeeper keeper, ServerController servers, PauseGate gate,
    ModelRunPublisher publisher, TimeProvider time, SweepNews news)
{
    private const int MaximumLosses = 30;
    private const int SilenceChecks = 10;
    private const int LongerSilence = 4;
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
                : [following, servers.WaitForEndAsync(server, stop.Token), WaitForSilenceAsync(run, server, stop.Token),
                    WaitForErrorsAsync(run, errors, stop.Token)];
            try
            {
                if (await Task.WhenAny(endings) is Task<Failure> { IsCompletedSuccessfully: true } died)
                {
                    await stop.CancelAsync();
                    var failure = await died;
                    var cancelled = await CancelAsync(run, LossOf(Array.IndexOf(endings, died), failure));
                    return new RunEnding(failure, ServerDied: true)
                    {
                        IsAtSuspects = cancelled is { AtSuspects: true },
                        IsCauseFound = cancelled is { FoundCause: true },
                    };
                }

                await following;
                if (run.Run is { Status: RunStatus.Running, Active: false } && ++losses <= MaximumLosses)
                {
                    run.Run = await evaluator.StartAsync(run, fresh: false, cancellationToken);
                    continue;
                }

                if (server is not null && errors.IsReached && ServerErrors(run) is { } broken)
                    return new RunEnding(broken, ServerDied: true);
                run.IsInvalid |= run.Run!.Refused;
                return new RunEnding(run.Run.Status switch
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

    private static bool IsCancellation(Exception exception) =>
        exception is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled };

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
        var isServer = run.Run!.Failures.Where(failure => failure.Kind.StartsWith("http_5", StringComparison.Ordinal)
            || failure.Kind is "server_error" or "timeout")
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

    // A server under load may fail its health check, and one that thinks may be silent for long; one that is both for so long hangs. Where
    // the health check says little, silence alone must tell, and last longer.
    private async Task<Failure> WaitForSilenceAsync(ModelRun run, ManagedServerResource server, CancellationToken cancellationToken)
    {
        var limit = server.Model.SilenceTimeout;
        var answered = run.Progress.QuestionsDone;
        var since = time.GetTimestamp();
        var silent = since;
        using var timer = new PeriodicTimer(limit / SilenceChecks, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var now = time.GetTimestamp();
            if (run.Progress.QuestionsDone != answered) (answered, since, silent) = (run.Progress.QuestionsDone, now, now);
            else if (await LoopbackHttp.AnswersAsync(server.ReadinessUrl, cancellationToken)) since = now;
            if (time.GetElapsedTime(silent) >= LongerSilence * limit)
                return new Failure($"for {LongerSilence * limit} it has answered nothing, although {server.Template.ReadinessPath} answers.");
            if (time.GetElapsedTime(since) >= limit) break;
        }

        return new Failure($"for {limit} it has answered nothing, and {server.Template.ReadinessPath} fails.");
    }

    // By the order of what is waited for. One that answers with errors is neither: the questions under way say nothing.
    private static ServerLoss? LossOf(int ending, Failure failure) => ending switch
    {
        1 => new ServerLoss { Kind = ServerLossKind.Died, Reason = failure.Reason },
        2 => new ServerLoss { Kind = ServerLossKind.Hung, Reason = failure.Reason },
        _ => null,
    };

    private async Task<CancelRunResponse?> CancelAsync(ModelRun run, ServerLoss? loss = null)
    {
        using var patience = new CancellationTokenSource(CancelPatience);
        try
        {
            var cancelled = await evaluator.CancelAsync(run.Run!.Id, loss, patience.Token);
            run.Run = cancelled.Run;
            return cancelled;
        }
        catch (RpcException e)
        {
            // The evaluator stops too, or is gone; its answers are safe either way.
            SweepLog.CancelFailed(news.Of(run), run.Title, Describe(e));
            return null;
        }
    }
}
