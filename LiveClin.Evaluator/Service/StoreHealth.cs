using LiveClin.Core.Results;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LiveClin.Evaluator.Service;

/// <summary>
/// Whether the store can be reached: a part of readiness, and not of being alive, because a database that is gone comes back without a
/// restart of this service. However many ask, the database is asked once in a few seconds.
/// </summary>
internal sealed class StoreHealth(ResultStore store, TimeProvider time) : IHealthCheck, IDisposable
{
    /// <summary>How long an answer holds.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromSeconds(5);

    // Less than those who ask wait for us.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private (HealthCheckResult Result, long At)? _last;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_last is not { } last || time.GetElapsedTime(last.At) >= Validity)
                _last = last = (await AskAsync(cancellationToken), time.GetTimestamp());
            return last.Result;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    // Without the address: whoever asks for health shows no token.
    private async Task<HealthCheckResult> AskAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await store.PingAsync(patience.Token);
            return HealthCheckResult.Healthy();
        }
        catch (Exception error) when (error is StoreException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("the database cannot be reached; what is answered waits to be stored.");
        }
    }
}
