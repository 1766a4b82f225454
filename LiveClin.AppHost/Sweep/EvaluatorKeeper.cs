using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace LiveClin.AppHost.Sweep;

/// <summary>Starts the evaluator again when it has ended while the sweep needs it: a night's work should not wait for somebody to come by.</summary>
internal sealed class EvaluatorKeeper(IResource evaluator, ResourceCommandService commands, ResourceNotificationService notifications, IHostApplicationLifetime lifetime, TimeProvider time, SweepNews news) : IDisposable
{
    /// <summary>Restarts within one sweep, after which it is given up.</summary>
    public const int MaximumRestarts = 10;

    // It is unhealthy while its database is gone, for which it waits ten minutes itself.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(12);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _restarts;

    /// <summary>Returns when the evaluator is healthy, whether it had ended or not.</summary>
    /// <returns>False when it stays away; why was said.</returns>
    public async Task<bool> BringBackAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            while (!lifetime.ApplicationStopping.IsCancellationRequested)
            {
                if (!HasEnded() && await IsHealthyAsync(cancellationToken)) return true;
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

    private async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var reached = await notifications.WaitForResourceAsync(evaluator.Name, e => e.Snapshot.HealthStatus == HealthStatus.Healthy || IsEnded(e), patience.Token);
            return !IsEnded(reached);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static bool IsEnded(ResourceEvent update) => update.Snapshot.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text);
}
