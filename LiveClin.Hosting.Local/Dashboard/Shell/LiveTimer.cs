namespace LiveClin.Hosting.Local.Dashboard.Shell;

/// <summary>
/// Renders a page again when what it shows has changed, at most so often. Looking at a version number keeps the
/// receivers free of listeners, however many pages are open and however fast telemetry comes in.
/// </summary>
internal sealed class LiveTimer : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public LiveTimer(Func<long> version, Func<Task> changed, TimeSpan? interval = null) => _ = RunAsync(version, changed, interval ?? TimeSpan.FromMilliseconds(500));

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync(Func<long> version, Func<Task> changed, TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval);
        var token = _stop.Token;
        var last = version();
        try
        {
            while (await timer.WaitForNextTickAsync(token))
            {
                if (version() is var now && now == last) continue;
                last = now;
                await changed();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The page is gone.
        }
    }
}
