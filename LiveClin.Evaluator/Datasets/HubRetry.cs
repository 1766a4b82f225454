namespace LiveClin.Evaluator.Datasets;

/// <summary>Tries again after transient failures, with exponential back-off and jitter, or after the time that the hub asks for.</summary>
internal sealed class HubRetry(int maxFailures, Func<TimeSpan, CancellationToken, Task> delay)
{
    private static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromMinutes(10);

    public async Task<T> RunAsync<T>(string what, Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        for (var failures = 0; ;)
        {
            try
            {
                return await attempt();
            }
            catch (HubTransientException e)
            {
                failures = e.Progressed ? 1 : failures + 1;
                if (failures >= maxFailures)
                    throw new HubException(
                        $"{what}: {e.Message} (given up after {failures} tries). What has arrived is kept; the same command continues.");
                if (e.RetryAfter > MaxRetryAfter)
                    throw new HubException(
                        $"{what}: the hub asks to come back in {e.RetryAfter.Value.TotalMinutes:F0} minutes. What has arrived is kept; the same command continues.");
                await delay(e.RetryAfter ?? BackOff(failures), cancellationToken);
            }
        }
    }

    private static TimeSpan BackOff(int failures)
    {
        var full = Math.Min(MaxBackOff.TotalSeconds, 0.5 * Math.Pow(2, failures - 1));
        return TimeSpan.FromSeconds(full * (0.5 + Random.Shared.NextDouble() / 2));
    }
}
