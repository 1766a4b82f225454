using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using LiveClin.Core.Cases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Runs;

/// <summary>What a start found to do.</summary>
public enum RunStart
{
    /// <summary>Another run begins.</summary>
    Begun = 0,

    /// <summary>An existing run goes on.</summary>
    Continued = 1,

    /// <summary>The run has reached the target already: nothing is asked.</summary>
    NothingToAsk = 2,
}

/// <summary>A run that this process works on, or one on which it found nothing to do.</summary>
public sealed class RunSession
{
    /// <summary>How long a stop waits: for replies under way, and for a database that is gone.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new(), _giveUp = new();
    private readonly TaskCompletionSource _visible = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _notices = new();
    private readonly ProgressCounter _progress;

    internal RunSession(RunInfo run, RunTarget target, Release release, RunStart start, ProgressCounter progress)
    {
        (Run, Target, Release, Start, _progress) = (run, target, release, start, progress);
    }

    /// <summary>The run as it began.</summary>
    public RunInfo Run { get; }

    /// <summary>The target that was asked for; the run's own may be larger.</summary>
    public RunTarget Target { get; }

    /// <summary>The cases of the target's first epoch.</summary>
    public Release Release { get; }

    /// <summary>What was found to do.</summary>
    public RunStart Start { get; }

    /// <summary>Completes with the run as it ended; never faults.</summary>
    public Task<RunInfo> Completion { get; internal set; } = null!;

    /// <summary>True when it stopped because what is stored does not fit the data any more.</summary>
    public bool IsRefused { get; internal set; }

    /// <summary>True when it stopped because a limit that was set is reached.</summary>
    public bool IsAtLimit { get; internal set; }

    /// <summary>True when it stopped for what time or money mends: no credit, a wait of hours, a server that is not there.</summary>
    public bool IsForNow { get; internal set; }

    /// <summary>What it takes to reach the target, worked out beside the first questions; null when nothing is to be asked.</summary>
    internal Task<RunEstimate>? Estimate { get; init; }

    /// <summary>What came of the vision check; null before it was made, or when none was asked for.</summary>
    public VisionCheckResult? Vision { get; internal set; }

    /// <summary>How far the target is now.</summary>
    public RunProgress Progress => _progress.Snapshot();

    /// <summary>Completes at the next change of <see cref="Progress"/>; take it before reading the progress that it follows.</summary>
    public Task Changed => _progress.Changed;

    /// <summary>True when the work was left because its store did not answer: how it stands, only the store knows.</summary>
    public bool IsStoreSilent { get; internal set; }

    /// <summary>Warnings that have come up, for the person who watches; each is taken once.</summary>
    public bool TryTakeNotice([MaybeNullWhen(false)] out string notice) => _notices.TryDequeue(out notice);

    internal void Notify(string notice) => _notices.Enqueue(notice);

    /// <summary>How the model's server was lost; null when it was not, as far as is known.</summary>
    internal ServerLoss? Loss { get; private set; }

    /// <summary>What the loss says of the questions under way; null without one.</summary>
    internal LossVerdict? Verdict { get; set; }

    /// <summary>Completes when whoever looks at the store can see that the run is worked on, or when that is over already.</summary>
    internal Task Visible => _visible.Task;

    internal void BecomeVisible() => _visible.TrySetResult();

    internal CancellationToken Stopping => _stop.Token;

    /// <summary>The grace of a stop is over: no reply is waited for any longer, nor a database that is gone.</summary>
    internal CancellationToken GivingUp => _giveUp.Token;

    /// <summary>Shows what the run's store has to say; null for nothing.</summary>
    internal void ShowOutage(string? words) => _progress.Outage = words;

    /// <summary>Begins no further question; replies under way are waited for a little.</summary>
    public Task StopAsync()
    {
        if (!_stop.IsCancellationRequested) _giveUp.CancelAfter(Grace);
        return _stop.CancelAsync();
    }

    /// <summary>The same, because the model's server is gone.</summary>
    internal Task StopAsync(ServerLoss? loss)
    {
        Loss ??= loss;
        return StopAsync();
    }
}
