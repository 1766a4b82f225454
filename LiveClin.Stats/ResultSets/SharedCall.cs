namespace LiveClin.Stats.ResultSets;

/// <summary>
/// A call that serves all who ask. Who asks while it is under way gets the one after it, with all others who do: nobody gets an answer
/// that is older than the question, and no more than two are ever wanted.
/// </summary>
/// <param name="call">The call; nobody's own cancellation may stop it.</param>
internal sealed class SharedCall<T>(Func<Task<T>> call)
{
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private Task<T>? _next;

    /// <summary>The answer.</summary>
    public Task<T> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return (_next ??= AskAfterAsync(_running)).WaitAsync(cancellationToken);
    }

    private async Task<T> AskAfterAsync(Task before)
    {
        await Task.Yield(); // not while the gate is held
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate) (_running, _next) = (_next!, null);
        return await call();
    }
}
