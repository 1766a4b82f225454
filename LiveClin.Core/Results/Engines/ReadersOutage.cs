using System.Diagnostics;

namespace LiveClin.Core.Results.Engines;

/// <summary>
/// What those who read have found out about a server that is gone: each of them at its next read, and long before a writer that rests.
/// </summary>
internal sealed class ReadersOutage
{
    private readonly Lock _lock = new();
    private long? _since, _ended;
    private bool _wasUnreachable;

    /// <summary>
    /// Told how long it lasted when a server that could not be reached is read from again: on the thread of whoever reads first.
    /// </summary>
    public event EventHandler<TimeSpan>? Over;

    /// <summary>A read has missed the server.</summary>
    /// <param name="isUnreachable">False when just the connection was one from before a restart.</param>
    public void Note(bool isUnreachable)
    {
        lock (_lock)
        {
            _since ??= Stopwatch.GetTimestamp();
            _wasUnreachable |= isUnreachable;
        }
    }

    /// <summary>The server has been reached.</summary>
    /// <param name="isKnown">True when whoever writes has told of the same outage.</param>
    public void End(Func<TimeSpan, bool> isKnown)
    {
        TimeSpan lasted;
        bool isToBeTold;
        lock (_lock)
        {
            if (_since is not { } since) return;
            lasted = Stopwatch.GetElapsedTime(since);
            isToBeTold = _wasUnreachable && !isKnown(lasted);
            (_since, _ended, _wasUnreachable) = (null, Stopwatch.GetTimestamp(), false);
        }

        if (isToBeTold) Over?.Invoke(this, lasted);
    }

    /// <summary>True when the server was missed within the last such time.</summary>
    public bool WasWithin(TimeSpan last)
    {
        lock (_lock) return _since is not null || (_ended is { } ended && Stopwatch.GetElapsedTime(ended) <= last);
    }
}
