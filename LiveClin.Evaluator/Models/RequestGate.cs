using System.Globalization;

namespace LiveClin.Evaluator.Models;

/// <summary>What holds a run's requests back.</summary>
/// <param name="Limit">Requests at a time now.</param>
/// <param name="Note">Why not more, in words; null when nothing holds them back.</param>
/// <param name="IsWaiting">True while none is sent at all.</param>
internal readonly record struct GateState(int Limit, string? Note, bool IsWaiting = false);

/// <summary>A request that was let through.</summary>
/// <param name="Tokens">What it is expected to take.</param>
internal readonly record struct GatePass(double Tokens);

/// <summary>
/// How many requests of a run may be under way: additive increase, multiplicative decrease, as TCP does. A server that asks to come slower,
/// is overloaded or answers ever more slowly narrows the whole run at once; its limits of requests and tokens are kept before it has to
/// refuse. Whoever waits, waits here.
/// </summary>
/// <param name="most">The upper bound.</param>
/// <param name="time">The clock.</param>
/// <param name="tokensPerMinute">Tokens a minute by the settings; null for what the server says.</param>
internal sealed class RequestGate(int most, TimeProvider time, long? tokensPerMinute = null)
{
    // Requests that were under way when the gate was narrowed tell nothing new.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);
    private const double Jitter = 0.2;

    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private readonly TokenPace _pace = new(tokensPerMinute, time);
    private readonly LatencyTrend _trend = new();
    private double _limit = most;
    private int _underWay;
    private long _narrowed;
    private long _closedUntil;
    private string _reason = "";
    private string _pause = "";
    private bool _isPaced;
    private GateState _told = new(most, null);

    /// <summary>Requests that were answered so far.</summary>
    public long Answers { get; private set; }

    /// <summary>Told of each change; must be fast.</summary>
    public Action<GateState>? OnChange { get; init; }

    /// <summary>Waits until another request may be sent. <see cref="Leave"/> must follow.</summary>
    public async Task<GatePass> EnterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task turn;
            TaskCompletionSource? place = null;
            lock (_lock)
            {
                if (_underWay >= (int)_limit)
                {
                    place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    _waiting.Enqueue(place);
                    turn = place.Task.WaitAsync(cancellationToken);
                }
                else if (Closed() is { } closed) turn = Task.Delay(closed, time, cancellationToken);
                else if (_pace.Wait() is { } paced)
                {
                    _isPaced = true;
                    turn = Task.Delay(Jittered(paced), time, cancellationToken);
                }
                else
                {
                    _underWay++;
                    return new GatePass(_pace.Take());
                }
            }

            Tell();
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

    /// <summary>A request was answered: the gate opens a little, unless answers take ever longer.</summary>
    /// <param name="pass">The request.</param>
    /// <param name="latency">How long it took.</param>
    /// <param name="tokens">What it took; null where the server did not count.</param>
    public void Answered(GatePass pass, TimeSpan latency, long? tokens)
    {
        lock (_lock)
        {
            Answers++;
            if (tokens is { } counted) _pace.Settle(pass.Tokens, counted);
            if (_trend.Take(latency.TotalSeconds, _limit) is { } factor) Shrink(factor, "replies take ever longer");
            else if (_limit < most) _limit = Math.Min(most, _limit + (1 / _limit));
        }

        Tell();
        Wake();
    }

    /// <summary>The server asks to come slower, or cannot keep up.</summary>
    /// <param name="wait">For how long nothing should be sent; null when it does not say.</param>
    /// <param name="reason">The failure's kind.</param>
    public void Narrow(TimeSpan? wait, string reason)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_narrowed == 0 || time.GetElapsedTime(_narrowed, now) >= Settling)
            {
                Shrink(0.5, reason);
                _narrowed = now;
            }

            if (wait is { } pause)
            {
                _reason = reason;
                CloseFor(pause);
            }
        }

        Tell();
    }

    /// <summary>The server says what it still takes.</summary>
    public void Observe(RateLimits limits)
    {
        lock (_lock)
        {
            _pace.Told(limits.TokensPerMinute, limits.TokensLeft, _underWay);
            // Those under way may have used up the rest; the next reply tells.
            if (limits is { RequestsLeft: <= 0, RequestsReset: { } reset } && reset <= FailureRules.LongestWait)
            {
                _reason = "the server takes no more requests for the moment";
                CloseFor(reset);
            }
        }

        Tell();
    }

    private void Shrink(double factor, string reason) => (_limit, _reason) = (Math.Max(1, _limit * factor), reason);

    private void CloseFor(TimeSpan pause)
    {
        var until = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
        if (until <= _closedUntil) return;
        _closedUntil = until;
        var end = time.GetUtcNow() + pause;
        _pause = pause < TimeSpan.FromMinutes(1) ? ""
            : string.Create(CultureInfo.InvariantCulture, $" {FailureRules.Duration(pause)} (until {end:HH:mm} UTC)");
    }

    // Not all at the same moment.
    private TimeSpan? Closed()
    {
        var now = time.GetTimestamp();
        return _closedUntil <= now ? null : Jittered(time.GetElapsedTime(now, _closedUntil));
    }

    private static TimeSpan Jittered(TimeSpan pause) =>
        (pause * (1 + (Jitter * Random.Shared.NextDouble()))) + TimeSpan.FromMilliseconds(1);

    private void Wake()
    {
        lock (_lock)
        {
            for (var free = (int)_limit - _underWay; free > 0 && _waiting.TryDequeue(out var next);)
                if (next.TrySetResult()) free--;
        }
    }

    private void Tell()
    {
        if (OnChange is null) return;
        GateState state;
        lock (_lock)
        {
            state = new GateState((int)_limit, Describe(), _closedUntil > time.GetTimestamp());
            if (state == _told) return;
            _told = state;
        }

        OnChange(state);
    }

    private string? Describe()
    {
        if (_closedUntil > time.GetTimestamp()) return $"waiting{_pause}: {_reason}";
        if ((int)_limit < most)
            return string.Create(CultureInfo.InvariantCulture, $"{(int)_limit} of {most} requests at a time: {_reason}");
        return _isPaced && _pace.PerMinute is { } tokens
            ? string.Create(CultureInfo.InvariantCulture, $"paced to {tokens:N0} tokens a minute") : null;
    }
}
