using Grpc.Core;
using LiveClin.AppHost.ModelServers;
using LiveClin.Evaluator.V1;
using Microsoft.Extensions.Logging;

namespace LiveClin.AppHost.Sweep;

/// <summary>How a watched run ended.</summary>
/// <param name="Failure">Why it is not complete, or null.</param>
/// <param name="ServerDied">True when it was stopped because its model server died.</param>
internal sealed record RunEnding(string? Failure, bool ServerDied = false);

/// <summary>Watches a run to its end, through pauses, lost streams and the death of its server.</summary>
internal sealed class RunWatcher(EvaluatorClient evaluator, ServerController servers, PauseGate gate, ModelRunPublisher publisher, ILogger log)
{
    private const int MaximumLosses = 30;
    private static readonly TimeSpan LossPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(20);

    public async Task<RunEnding> WatchAsync(ModelRun run, ManagedServerResource? server, CancellationToken cancellationToken)
    {
        for (var losses = 0; ;)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, gate.Closing);
            var following = FollowAsync(run, stop.Token);
            var dying = server is null ? Task.Delay(Timeout.Infinite, stop.Token) : servers.WaitForEndAsync(server, stop.Token);
            try
            {
                if (await Task.WhenAny(following, dying) == dying && dying is Task<string> { IsCompletedSuccessfully: true } died)
                {
                    await stop.CancelAsync();
                    await CancelAsync(run);
                    return new RunEnding(await died, ServerDied: true);
                }

                await following;
                return new RunEnding(run.Run!.Status switch
                {
                    RunStatus.Completed => null,
                    RunStatus.Failed => run.Run.HasStatusReason ? run.Run.StatusReason : "the run failed without a reason.",
                    _ => "the run was cancelled; --resume continues it.",
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
                run.Run = await evaluator.ResumeAsync(run, run.Run!.Id, cancellationToken);
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Internal && ++losses <= MaximumLosses)
            {
                SweepLog.EvaluatorLost(log, run.Model.Name, Describe(e));
                await Task.Delay(LossPause, cancellationToken);
                await ContinueAsync(run, cancellationToken);
            }
            finally
            {
                await stop.CancelAsync();
            }
        }
    }

    /// <summary>What a refused call said.</summary>
    public static string Describe(RpcException exception) =>
        exception.Status.Detail is { Length: > 0 } detail ? $"{detail} ({exception.StatusCode})" : exception.StatusCode.ToString();

    private static bool IsCancellation(Exception exception) => exception is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled };

    private async Task FollowAsync(ModelRun run, CancellationToken cancellationToken)
    {
        await foreach (var change in evaluator.WatchAsync(run.Run!.Id, cancellationToken))
        {
            if (change.Snapshot is { } snapshot) run.Run = snapshot;
            else if (change.Ended is { } ended) run.Run = ended;
            else if (change.Progress is { } progress) run.Run!.Progress = progress;
            await publisher.ProgressAsync(run);
        }
    }

    // An evaluator that was started again knows the run and does not work on it.
    private async Task ContinueAsync(ModelRun run, CancellationToken cancellationToken)
    {
        try
        {
            if (await evaluator.FindAsync(run.Run!.Id, cancellationToken) is { Status: RunStatus.Running, Active: false })
                run.Run = await evaluator.ResumeAsync(run, run.Run.Id, cancellationToken);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            // The next round tries again.
        }
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
            SweepLog.CancelFailed(log, run.Model.Name, Describe(e));
        }
    }
}
