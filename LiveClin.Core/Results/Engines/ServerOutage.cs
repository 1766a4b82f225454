using System.Diagnostics;

namespace LiveClin.Core.Results.Engines;

/// <summary>
/// What the writer has found out about a server that is gone: since when, and when it is worth trying again. It is the outage that is
/// waited for, not each wait: who comes when patience is over already is told what was found last.
/// </summary>
internal sealed class ServerOutage(StoreEngine engine)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(5);
    private readonly Lock _lock = new();
    private StoreOutage? _current;
    private StoreException? _error;
    private TimeSpan _pause;
    private long _since, _tried;
    private long? _ended;

    /// <summary>Told on the writer's thread when it begins, and when it is over.</summary>
    public event EventHandler<StoreOutage>? Changed;

    /// <summary>The outage; null while the server can be reached, as far as is known.</summary>
    public StoreOutage? Current
    {
        get
        {
            lock (_lock) return _current;
        }
    }

    /// <summary>How long the server has been gone; zero while it is there.</summary>
    public TimeSpan Duration
    {
        get
        {
            lock (_lock) return _current is null ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_since);
        }
    }

    /// <summary>True when it was gone within the last such time.</summary>
    public bool WasWithin(TimeSpan last)
    {
        lock (_lock) return _current is not null || (_ended is { } ended && Stopwatch.GetElapsedTime(ended) <= last);
    }

    /// <summary>True when it is waited for no longer.</summary>
    public bool IsPatienceOver => Current is not null && Duration >= engine.Patience;

    /// <summary>Time until it is worth trying again; zero or less when it is now.</summary>
    public TimeSpan Rest
    {
        get
        {
            lock (_lock) return _current is null ? TimeSpan.Zero : _pause - Stopwatch.GetElapsedTime(_tried);
        }
    }

    /// <summary>What came of the last attempt.</summary>
    public StoreException Error => _error ?? throw new InvalidOperationException("The server is there.");

    /// <summary>An attempt to reach the server has failed.</summary>
    /// <param name="begun">When it began (of <see cref="Stopwatch"/>).</param>
    /// <param name="error">What came of it.</param>
    public void Note(long begun, Exception error)
    {
        StoreOutage? first = null;
        lock (_lock)
        {
            _error = engine.Explain(error);
            _tried = Stopwatch.GetTimestamp();
            if (_current is null)
            {
                (_since, _pause) = (begun, FirstPause);
                first = _current = new StoreOutage(DateTimeOffset.UtcNow - Stopwatch.GetElapsedTime(begun), engine.Patience);
            }
            else
            {
                _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
            }
        }

        if (first is not null) Changed?.Invoke(this, first);
    }

    /// <summary>The server has been reached.</summary>
    public void End()
    {
        StoreOutage over;
        lock (_lock)
        {
            if (_current is null) return;
            over = _current with { Lasted = Stopwatch.GetElapsedTime(_since) };
            (_current, _error, _ended) = (null, null, Stopwatch.GetTimestamp());
        }

        Changed?.Invoke(this, over);
    }
}
