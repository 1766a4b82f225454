namespace LiveClin.AppHost.Sweep;

/// <summary>Open, or closed while the sweep is paused. Closing cancels a token, so that what runs can come to a stop.</summary>
internal sealed class PauseGate
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _opened = Completed();
    private CancellationTokenSource _closing = new();

    public bool IsPaused => !_opened.Task.IsCompleted;

    /// <summary>Cancelled when the gate closes.</summary>
    public CancellationToken Closing
    {
        get
        {
            lock (_lock) return _closing.Token;
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            if (IsPaused) return;
            _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _closing.Cancel();
        }
    }

    public void Open()
    {
        lock (_lock)
        {
            if (!IsPaused) return;
            _closing = new CancellationTokenSource();
            _opened.SetResult();
        }
    }

    /// <summary>Returns when the gate is open; not at all once cancelled, even if it is.</summary>
    public Task PassAsync(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : _opened.Task.WaitAsync(cancellationToken);

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
