using LiveClin.AppHost.Services;
using Microsoft.Extensions.Hosting;

namespace LiveClin.AppHost.Sweep;

/// <summary>
/// Starts the evaluator again when it has ended while the sweep needs it: a night's work should not wait for somebody to come by.
/// </summary>
internal sealed class EvaluatorKeeper(
    IResourceWithEndpoints evaluator, ResourceCommandService commands, ResourceNotificationService notifications,
    IHostApplicationLifetime lifetime, TimeProvider time, SweepNews news) : IDisposable
{
    /// <summary>Restarts within one sweep, after which it is given up.</summary>
    public const int MaximumRestarts = 10;

    // It is not ready while its database is gone, for which it waits ten minutes itself.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(12);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _restarts;

    /// <summary>Returns when the evaluator is ready, whether it had ended or not. What it lacks meanwhile is said.</summary>
    /// <returns>False when it stays away; why was said.</returns>
    public async Task<bool> BringBackAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            while (!lifetime.ApplicationStopping.IsCancellationRequested)
            {
                if (!HasEnded() && await IsReadyAsync(cancellationToken)) return true;
                if (!HasEnded()) return false;
                if (_restarts == MaximumRestarts)
                {
                    SweepLog.EvaluatorGivenUp(news.Sweep, MaximumRestarts);
                    return false;
                }

                _restarts++;
                SweepLog.EvaluatorRestarted(news.Sweep, _restarts, MaximumRestarts);
                await Task.Delay(Backoff.Before(_restarts), time, cancellationToken);
                await commands.ExecuteCommandAsync(evaluator, KnownResourceCommands.StartCommand, cancellationToken);
            }

            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private bool HasEnded() => notifications.TryGetCurrentState(evaluator.Name, out var current) && IsEnded(current);

    // Asked here and now: Aspire looks at the health of what is well twice a minute, and a call that has failed just now knows more.
    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        var (begun, isTold) = (time.GetTimestamp(), false);
        while (!HasEnded() && time.GetElapsedTime(begun) < Patience)
        {
            var (isReady, said) = await LoopbackHttp.AskAsync(new Uri(evaluator.GetEndpoint("http").Url + "/health"), cancellationToken);
            if (isReady)
            {
                if (isTold) SweepLog.EvaluatorReady(news.Sweep);
                return true;
            }

            // One that does not answer at all has ended, or begins.
            if (!isTold && said is not null) SweepLog.EvaluatorNotReady(news.Sweep, SweepText.Safe(said));
            isTold |= said is not null;
            await Task.Delay(Pause, time, cancellationToken);
        }

        return false;
    }

    private static bool IsEnded(ResourceEvent update) =>
        update.Snapshot.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text);
}
