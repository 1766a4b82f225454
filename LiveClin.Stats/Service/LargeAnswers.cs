using System.Threading.Channels;

namespace LiveClin.Stats.Service;

/// <summary>
/// Lets a few large answers be written at a time, and on one thread: each becomes text in memory as a whole, in buffers that every thread that
/// has done so keeps for the next one. Fifty of seven megabytes would need a gigabyte.
/// </summary>
internal sealed class LargeAnswers(TimeProvider time) : BackgroundService
{
    private const long Large = 1L << 20;

    // Who reads slowly keeps nobody waiting for longer than this.
    private static readonly TimeSpan LongestHeld = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim _places = new(2);
    private readonly Channel<TaskCompletionSource> _turns = Channel.CreateUnbounded<TaskCompletionSource>();

    /// <summary>Waits for a place; it is given back when the answer has been sent. What follows runs on the thread of large answers.</summary>
    /// <param name="context">The call.</param>
    /// <param name="bytes">Size of its answer.</param>
    public async Task EnterAsync(HttpContext context, long bytes)
    {
        if (bytes < Large) return;
        await _places.WaitAsync(context.RequestAborted);
        var isHeld = true;
        var timer = time.CreateTimer(_ => Leave(), null, LongestHeld, Timeout.InfiniteTimeSpan);
        context.Response.OnCompleted(() =>
        {
            timer.Dispose();
            Leave();
            return Task.CompletedTask;
        });
        // Completed by that thread, which goes on with whoever waits here.
        var turn = new TaskCompletionSource();
        _turns.Writer.TryWrite(turn);
        await turn.Task;

        void Leave()
        {
            if (Interlocked.Exchange(ref isHeld, false)) _places.Release();
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        stoppingToken.Register(() => _turns.Writer.TryComplete());
        var thread = new Thread(() =>
        {
            var turns = _turns.Reader;
            while (turns.WaitToReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult())
                while (turns.TryRead(out var turn)) turn.SetResult();
        }) { IsBackground = true, Name = "large answers" };
        thread.Start();
        return Task.CompletedTask;
    }

    public override void Dispose()
    {
        _places.Dispose();
        base.Dispose();
    }
}
