using System.Collections.Concurrent;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;
using LiveClin.Evaluator.Runs;

namespace LiveClin.Evaluator.Service;

/// <summary>How a request to start a run was met.</summary>
/// <param name="Run">The run.</param>
/// <param name="Started">False when the idempotency key was known.</param>
/// <param name="Resumed">True when an unfinished run is continued.</param>
internal sealed record StartedRun(RunInfo Run, bool Started, bool Resumed);

/// <summary>The runs of the service: starts each asked-for run once, feeds followers, and stops all when the service stops.</summary>
internal sealed class RunService(ResultStore store, RunManager runs) : IHostedService
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly ConcurrentDictionary<string, AnswerFeed> _feeds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RunSession> _startedHere = new(StringComparer.Ordinal);

    // Keys of requests that continued an existing run; the store knows only those that began one.
    private readonly ConcurrentDictionary<string, string> _resumedByKey = new(StringComparer.Ordinal);

    /// <summary>Starts a run, or returns the one that this key started before.</summary>
    /// <param name="request">What to run; its key must be set.</param>
    /// <param name="cancellationToken">Gives up before the run has begun; never stops a run.</param>
    public async Task<StartedRun> StartAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var key = request.IdempotencyKey!;
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (Known(key) is { } known) return new StartedRun(known, false, false);
            var session = await BeginAsync(request, cancellationToken);
            if (session.Resumed) _resumedByKey[key] = session.Run.Id;
            return new StartedRun(session.Run, true, session.Resumed);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Continues a run that is not being worked on.</summary>
    public async Task<RunInfo> ResumeAsync(RunRequest request, CancellationToken cancellationToken) => (await BeginAsync(request, cancellationToken)).Run;

    /// <summary>Stops a run and waits until it has stopped; does nothing when it is not being worked on.</summary>
    public Task StopAsync(string runId) => runs.StopAsync(runId);

    /// <summary>The run's session while it is being worked on.</summary>
    public RunSession? Find(string runId) => runs.Find(runId);

    /// <summary>The run's coming answers; null when it is not being worked on.</summary>
    public AnswerFeed? FeedOf(string runId) => _feeds.GetValueOrDefault(runId);

    /// <summary>What came of the vision check of a run that was started in this process.</summary>
    public VisionCheckResult? VisionOf(string runId) => _startedHere.GetValueOrDefault(runId)?.Vision;

    Task IHostedService.StartAsync(CancellationToken cancellationToken)
    {
        runs.ObserveInFlight();
        return Task.CompletedTask;
    }

    async Task IHostedService.StopAsync(CancellationToken cancellationToken)
    {
        var active = runs.Active.ToList();
        foreach (var session in active) await session.StopAsync();
        await Task.WhenAll(active.Select(session => session.Completion)).WaitAsync(cancellationToken);
    }

    private async Task<RunSession> BeginAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var feed = new AnswerFeed();
        var session = await runs.StartAsync(request, cancellationToken, (_, answer) => feed.Publish(answer));
        var id = session.Run.Id;
        _feeds[id] = feed;
        _startedHere[id] = session;
        _ = session.Completion.ContinueWith(
            _ =>
            {
                _feeds.TryRemove(KeyValuePair.Create(id, feed));
                feed.End();
            },
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return session;
    }

    private RunInfo? Known(string key) =>
        store.FindRunByIdempotencyKey(key) ?? (_resumedByKey.TryGetValue(key, out var id) ? store.FindRun(id) : null);
}
