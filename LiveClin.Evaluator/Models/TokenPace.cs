namespace LiveClin.Evaluator.Models;

/// <summary>
/// Paces requests to so many tokens a minute: a bucket that fills steadily and holds what ten seconds bring. A request takes what requests
/// took so far on average, and settles the difference when its reply is there. Not thread-safe: the gate's.
/// </summary>
/// <param name="configured">Tokens a minute by the settings; null for what the server says.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenPace(long? configured, TimeProvider time)
{
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(10);
    private const double Memory = 0.9; // of the average, at each reply

    private double? _perMinute = configured;
    private double _level = (configured ?? 0) * Burst.TotalMinutes;
    private double _mean;
    private long _at = time.GetTimestamp();

    /// <summary>Tokens a minute; null when nothing is paced.</summary>
    public double? PerMinute => _perMinute;

    /// <summary>How long the next request has to wait; null when it need not.</summary>
    public TimeSpan? Wait()
    {
        Refill();
        if (_perMinute is not { } perMinute) return null;
        // One that takes more than the bucket holds waits until it is full.
        var missing = Math.Min(_mean, perMinute * Burst.TotalMinutes) - _level;
        return missing <= 0 ? null : TimeSpan.FromMinutes(missing / perMinute);
    }

    /// <summary>A request is sent; returns what it took.</summary>
    public double Take()
    {
        _level -= _mean;
        return _mean;
    }

    /// <summary>A request's reply is there.</summary>
    /// <param name="taken">What it took when it was sent.</param>
    /// <param name="tokens">What it really took.</param>
    public void Settle(double taken, long tokens)
    {
        _level -= tokens - taken;
        _mean = _mean == 0 ? tokens : (Memory * _mean) + ((1 - Memory) * tokens);
    }

    /// <summary>The server says what it takes; the settings may ask for less.</summary>
    /// <param name="perMinute">Tokens a minute; null where it does not say.</param>
    /// <param name="left">Those that are left; null where it does not say.</param>
    /// <param name="underWay">Requests that it may not have counted yet.</param>
    public void Told(double? perMinute, double? left, int underWay)
    {
        Refill();
        if (perMinute is { } told)
        {
            var least = Math.Min(told, configured ?? double.PositiveInfinity);
            if (_perMinute is null) _level = least * Burst.TotalMinutes;
            _perMinute = least;
        }

        if (_perMinute is not null && left is { } tokens) _level = Math.Min(_level, tokens - (underWay * _mean));
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        var minutes = time.GetElapsedTime(_at, now).TotalMinutes;
        if (_perMinute is { } perMinute) _level = Math.Min(perMinute * Burst.TotalMinutes, _level + (perMinute * minutes));
        _at = now;
    }
}
