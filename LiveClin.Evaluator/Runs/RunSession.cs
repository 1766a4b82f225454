using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using LiveClin.Core.Cases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Runs;

/// <summary>A run that this process works on.</summary>
public sealed class RunSession
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _notices = new();
    private readonly ProgressCounter _progress;

    internal RunSession(RunInfo run, Release release, bool resumed, ProgressCounter progress)
    {
        (Run, Release, Resumed, _progress) = (run, release, resumed, progress);
    }

    /// <summary>The run as it began.</summary>
    public RunInfo Run { get; }

    /// <summary>The cases that it asks.</summary>
    public Release Release { get; }

    /// <summary>True when an unfinished run is continued.</summary>
    public bool Resumed { get; }

    /// <summary>Completes with the run as it ended; never faults.</summary>
    public Task<RunInfo> Completion { get; internal set; } = null!;

    /// <summary>What came of the vision check; null before it was made, or when none was asked for.</summary>
    public VisionCheckResult? Vision { get; internal set; }

    /// <summary>How far it is now.</summary>
    public RunProgress Progress => _progress.Snapshot();

    /// <summary>Completes at the next change of <see cref="Progress"/>; take it before reading the progress that it follows.</summary>
    public Task Changed => _progress.Changed;

    /// <summary>Warnings that have come up, for the person who watches; each is taken once.</summary>
    public bool TryTakeNotice([MaybeNullWhen(false)] out string notice) => _notices.TryDequeue(out notice);

    internal void Notify(string notice) => _notices.Enqueue(notice);

    internal CancellationToken Stopping => _stop.Token;

    /// <summary>Begins no further question; replies under way are waited for a little.</summary>
    public Task StopAsync() => _stop.CancelAsync();
}
