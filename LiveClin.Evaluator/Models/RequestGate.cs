namespace LiveClin.Evaluator.Models;

/// <summary>
/// How many requests of a run may be under way: additive increase, multiplicative decrease, as TCP does. A server that asks to come slower
/// narrows the whole run at once, and whoever waits, waits here.
/// </summary>
/// <param name="most">The upper bound.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestGate(int most, TimeProvider time)
{
    // Requests that were under way when the gate was narrowed tell nothing new.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);
    private const double Jitter = 0.2;

    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private double _limit = most;
    private int _underWay;
    private long _narrowed;
    private long _closedUntil;

    /// <summary>Requests that were answered so far.</summary>
    public long Answers { get; private set; }

    /// <summary>Waits until another request may be sent. <see cref="Leave"/> must follow.</summary>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task turn;
            TaskCompletionSource? place = null;
            lock (_lock)
            {
                if (Closed() is { } closed) turn = Task.Delay(closed, time, cancellationToken);
                else if (_underWay < (int)_limit)
                {
                    _underWay++;
                    return;
                }
                else
                {
                    place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    _waiting.Enqueue(place);
                    turn = place.Task.WaitAsync(cancellationToken);
                }
            }

            try
            {
                await turn.ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (place is not null)
            {
                // Its turn may have come meanwhile: it is the next one's then.
                if (!place.TrySetCanceled(CancellationToken.None)) Wake();
                throw;
            }
        }
    }

    /// <summary>A request has ended, however.</summary>
    public void Leave()
    {
        lock (_lock) _underWay--;
        Wake();
    }

    /// <summary>A request was answered: the gate opens a little.</summary>
    public void Answered()
    {
        lock (_lock)
        {
            Answers++;
            if (_limit < most) _limit = Math.Min(most, _limit + (1 / _limit));
        }

        Wake();
    }

    /// <summary>The server asks to come slower.</summary>
    /// <param name="wait">For how long nothing should be sent; null when it does not say.</param>
    public void Narrow(TimeSpan? wait)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_narrowed == 0 || time.GetElapsedTime(_narrowed, now) >= Settling) (_limit, _narrowed) = (Math.Max(1, _limit / 2), now);
            if (wait is { } pause) _closedUntil = Math.Max(_closedUntil, now + (long)(pause.TotalSeconds * time.TimestampFrequency));
        }
    }

    // Not all at the same moment.
    private TimeSpan? Closed()
    {
        var now = time.GetTimestamp();
        return _closedUntil <= now ? null : time.GetElapsedTime(now, _closedUntil) * (1 + (Jitter * Random.Shared.NextDouble()));
    }

    private void Wake()
    {
        lock (_lock)
        {
            for (var free = (int)_limit - _underWay; free > 0 && _waiting.TryDequeue(out var next);)
                if (next.TrySetResult()) free--;
        }
    }
}
