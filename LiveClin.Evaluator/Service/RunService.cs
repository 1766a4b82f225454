using System.Collections.Concurrent;
using LiveClin.Core.Formats;
using LiveClin.Core.Prompts;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;
using LiveClin.Evaluator.Runs;

namespace LiveClin.Evaluator.Service;

/// <summary>How a request to start a run was met.</summary>
/// <param name="Run">The run.</param>
/// <param name="Started">False when nothing was started: the key was known, the run is under way, or nothing is left to ask.</param>
/// <param name="Resumed">True when an existing run is continued.</param>
/// <param name="NothingToAsk">True when the run has reached the target already.</param>
/// <param name="Session">The work on it; null when the idempotency key was known.</param>
internal sealed record StartedRun(RunInfo Run, bool Started, bool Resumed, bool NothingToAsk = false, RunSession? Session = null);

/// <summary>The runs of the service: starts each asked-for run once, feeds followers, and stops all when the service stops.</summary>
internal sealed class RunService(ResultStore store, RunManager runs) : IHostedService
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly ConcurrentDictionary<string, AnswerFeed> _feeds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RunSession> _startedHere = new(StringComparer.Ordinal);

    /// <summary>What a start would do.</summary>
    public Task<RunPlan> PlanAsync(RunRequest request, CancellationToken cancellationToken) => runs.PlanAsync(request, cancellationToken);

    /// <summary>How far the target of a plan is.</summary>
    public RunProgress Count(RunPlan plan) => runs.Count(plan).Snapshot();

    /// <summary>Brings a run to its target, or returns the one that this key started before.</summary>
    /// <param name="request">What to run; its key must be set.</param>
    /// <param name="cancellationToken">Gives up before the run has begun; never stops a run.</param>
    public async Task<StartedRun> StartAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var key = request.IdempotencyKey!;
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (Known(key) is var (known, sha256))
            {
                return (sha256 is null ? Same(known, request) : sha256 == request.Sha256)
                    ? new StartedRun(known, false, false)
                    : throw new RunRefusedException(
                        $"The idempotency key '{key}' has started run {known.Id}, which asks something else: {Difference(known, request)}. "
                        + "Use a key of its own for each request.");
            }

            var (session, isUnderWay) = await BeginAsync(request, cancellationToken);
            // What begins or goes on is recorded with its request; the key of one that found nothing to do is, too, once there is a run.
            if ((isUnderWay || session.Start == RunStart.NothingToAsk) && store.FindRun(session.Run.Id) is { } found)
                await store.WriteAsync(write => RunRecorder.PutRequest(write, found, request));
            if (isUnderWay) return new StartedRun(session.Run, false, false, Session: session);
            return new StartedRun(session.Run, session.Start != RunStart.NothingToAsk, session.Start == RunStart.Continued,
                session.Start == RunStart.NothingToAsk, session);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Continues a run that is not being worked on.</summary>
    public async Task<RunInfo> ResumeAsync(RunRequest request, CancellationToken cancellationToken) =>
        (await BeginAsync(request, cancellationToken)).Session.Run;

    /// <summary>Stops a run and waits until it has stopped; does nothing when it is not being worked on.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="loss">How its model's server was lost, if that is why.</param>
    public Task StopAsync(string runId, ServerLoss? loss) => runs.StopAsync(runId, loss);

    /// <summary>Stops a run in every process that works on it, and waits until it has stopped.</summary>
    /// <exception cref="RunRefusedException">Another process goes on.</exception>
    public Task StopEverywhereAsync(RunInfo run, CancellationToken cancellationToken) => runs.StopEverywhereAsync(run, cancellationToken);

    /// <summary>Deletes a run; false when it is being worked on.</summary>
    public async Task<bool> DeleteAsync(string runId, CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            // Whatever its status says: who was cut off for a while finds what others have said of the run since.
            var isAtWork = runs.Find(runId) is not null
                || (store.IsShared && store.FindRun(runId) is { } run && store.FindWorkers(run).Count > 0);
            if (isAtWork) return false;
            await store.WriteAsync(write => write.DeleteRun(runId));
            return true;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>The run's session while it is being worked on.</summary>
    public RunSession? Find(string runId) => runs.Find(runId);

    /// <summary>The run's coming answers; null when it is not being worked on.</summary>
    public AnswerFeed? FeedOf(string runId) => _feeds.GetValueOrDefault(runId);

    /// <summary>The last work on a run in this process, be it over; null when there was none.</summary>
    public RunSession? LastOf(string runId) => _startedHere.GetValueOrDefault(runId);

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

    private async Task<(RunSession Session, bool IsUnderWay)> BeginAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var feed = new AnswerFeed();
        var session = await runs.StartAsync(request, cancellationToken, (_, answer) => feed.Publish(answer));
        var id = session.Run.Id;
        if (_startedHere.TryGetValue(id, out var known) && ReferenceEquals(known, session)) return (session, true);
        _feeds[id] = feed;
        _startedHere[id] = session;
        _ = session.Completion.ContinueWith(
            _ =>
            {
                _feeds.TryRemove(KeyValuePair.Create(id, feed));
                feed.End();
                _ = MemoryReturn.AfterRunAsync();
            },
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return (session, false);
    }

    // For keys from before requests were recorded, what can be told without reading the release: the same request again always passes.
    private static bool Same(RunInfo run, RunRequest request)
    {
        var specification = run.Specification;
        return specification.Model == request.Model && specification.ApiId == request.Endpoint.ApiId
            && specification.Condition == request.Condition.Name
            && specification.AllowMissingImages == request.Release.AllowMissingImages
            && CanonicalJson.Of(specification.ParametersJson) == CanonicalJson.Of(request.Sampling.ToJson());
    }

    // Names fields, never their values: those are the caller's.
    private static string Difference(RunInfo run, RunRequest request)
    {
        var stored = run.Specification;
        var isUrl = request.Release.ImageMode == ImageMode.Url;
        List<(string Field, bool Differs)> fields =
        [
            ("model", stored.Model != request.Model || stored.ApiId != request.Endpoint.ApiId),
            ("endpoint", stored.Endpoint != request.Endpoint.SafeUrl),
            ("release", request.Release.Source.Dataset is { } release && release != stored.ReleaseName),
            ("condition", stored.Condition != request.Condition.Name),
            ("parameters", CanonicalJson.Of(stored.ParametersJson) != CanonicalJson.Of(request.Sampling.ToJson())),
            ("image mode", stored.ImageMode == "url" != isUrl),
            ("missing images", stored.AllowMissingImages != request.Release.AllowMissingImages),
            ("limit", run.Target != request.Target
                && (run.Target.Epochs == request.Target.Epochs || CasesOf(run.Target) != CasesOf(request.Target))),
            ("number of epochs", run.Target.Epochs != request.Target.Epochs),
        ];
        var names = fields.Where(field => field.Differs).Select(field => field.Field).ToList();
        return names.Count > 0 ? $"the run has another {string.Join(", ", names)}" : "another request was sent with this key";

        static (int?, int?, int?, Shard?) CasesOf(RunTarget target) => (target.Limit, target.FirstCases, target.Sample, target.Shard);
    }

    private (RunInfo Run, string? Sha256)? Known(string key)
    {
        if (store.FindStartRequest(key) is { } request) return (store.FindRun(request.RunId)!, request.Sha256);
        return store.FindRunByIdempotencyKey(key) is { } run ? (run, null) : null;
    }
}
