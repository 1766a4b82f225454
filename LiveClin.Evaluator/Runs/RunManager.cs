using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Images;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Runs;

/// <summary>Starts, resumes and stops runs. The command line and the gRPC service are adapters over it.</summary>
internal sealed partial class RunManager(ResultStore store, ReleaseLibrary releases, ImageLibrary images, ModelClientFactory clients, TimeProvider time, ILogger<RunManager> logger) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RunSession> _sessions = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _starting = new(1, 1);

    /// <summary>The runs that this process works on.</summary>
    public IEnumerable<RunSession> Active => _sessions.Values;

    /// <summary>The run's session, if this process works on it.</summary>
    public RunSession? Find(string runId) => _sessions.GetValueOrDefault(runId);

    /// <summary>Starts a run, or continues one when asked to. Returns as soon as its beginning is on disk.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="cancellationToken">Gives up before the run has begun; does not stop it later.</param>
    /// <param name="onAnswer">Told of each answer once it is on disk; must be fast and thread-safe.</param>
    /// <exception cref="ReleaseException">The release is missing or wrong.</exception>
    /// <exception cref="RunRefusedException">The request cannot be carried out; says why.</exception>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    public async Task<RunSession> StartAsync(RunRequest request, CancellationToken cancellationToken, Action<Case, Answer>? onAnswer = null)
    {
        // The look at the endpoint takes as long as the reading of the release: they go side by side. Bounded by its own time-out.
        var probe = Task.Run(() => new EndpointProbe(clients).CheckAsync(request.Endpoint, CancellationToken.None), CancellationToken.None);
        var release = await releases.GetAsync(request.Release, cancellationToken).ConfigureAwait(false);
        var whole = request.Release.Limit is null ? release : await releases.WholeAsync(release, cancellationToken).ConfigureAwait(false);
        var specification = Specify(request, release);
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var unfinished = FindUnfinished(request, specification);
            var run = unfinished ?? NewRun(specification);
            await store.WriteAsync(write => Record(write, run, unfinished, whole, specification, request.IdempotencyKey)).ConfigureAwait(false);
            return Launch(run with { Specification = specification, Status = RunStatus.Running, StatusReason = null, FinishedAt = null }, release, request, resumed: unfinished is not null, probe, onAnswer);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Stops a run and waits until it has stopped; null when this process does not work on it.</summary>
    public async Task<RunInfo?> StopAsync(string runId)
    {
        if (Find(runId) is not { } session) return null;
        await session.StopAsync().ConfigureAwait(false);
        return await session.Completion.ConfigureAwait(false);
    }

    /// <summary>Stops every run.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var session in Active) await session.StopAsync().ConfigureAwait(false);
        await Task.WhenAll(Active.Select(session => session.Completion)).ConfigureAwait(false);
        _starting.Dispose();
    }

    /// <summary>Reports the requests in flight as a metric.</summary>
    public void ObserveInFlight() => RunTelemetry.ObserveInFlight(() =>
        Active.Select(session => new Measurement<int>(session.Progress.InFlight, new KeyValuePair<string, object?>("liveclin.model", session.Run.Specification.Model))));

    private RunInfo? FindUnfinished(RunRequest request, RunSpecification specification)
    {
        if (request.ContinueRunId is null && !request.Resume) return null;
        var run = request.ContinueRunId is { } id ? store.FindRun(id) ?? throw new RunRefusedException($"There is no run '{id}'.") : store.FindResumable(specification);
        if (run is null) return null;
        if (_sessions.ContainsKey(run.Id)) throw new RunRefusedException($"Run {run.Id} is under way in this evaluator already.");
        if (run.Source != "run") throw new RunRefusedException($"Run {run.Id} was imported from {run.Source}; there is nothing to resume.");
        return run.Specification.Key == specification.Key
            ? run
            : throw new RunRefusedException($"Run {run.Id} asked something else: its release has changed since ({run.Specification.ReleaseSha256} then, {specification.ReleaseSha256} now). Start a new run.");
    }

    private static RunSpecification Specify(RunRequest request, Release release) => new()
    {
        Model = request.Model,
        ApiId = request.Endpoint.ApiId,
        Endpoint = request.Endpoint.SafeUrl,
        ReleaseSha256 = release.Sha256,
        ReleaseName = release.Name,
        ImageMode = request.Release.ImageMode == ImageMode.Url ? "url" : "local",
        AllowMissingImages = request.Release.AllowMissingImages,
        Limit = request.Release.Limit,
        ParametersJson = request.Sampling.ToJson(),
    };

    private RunInfo NewRun(RunSpecification specification)
    {
        var now = time.GetUtcNow();
        return new RunInfo
        {
            Id = RunId.Create(now),
            Specification = specification,
            Status = RunStatus.Running,
            StartedAt = now,
            ProgramVersion = ProgramIdentity.Version,
            GitCommit = ProgramIdentity.GitCommit,
            Machine = ProgramIdentity.Machine,
        };
    }

    private void Record(StoreTransaction write, RunInfo run, RunInfo? unfinished, Release release, RunSpecification specification, string? idempotencyKey)
    {
        if (unfinished is null)
        {
            write.AddRelease(release);
            write.AddRun(run, idempotencyKey);
            return;
        }

        write.SetStatus(run.Id, RunStatus.Running, null, null);
        write.AddEvent(run.Id, "resumed", $"Resumed by version {ProgramIdentity.Version} at {specification.Endpoint}.");
        if (run.ProgramVersion == ProgramIdentity.Version && run.GitCommit == ProgramIdentity.GitCommit) return;
        var change = $"Begun with version {run.ProgramVersion} ({run.GitCommit ?? "no commit"}), resumed with {ProgramIdentity.Version} ({ProgramIdentity.GitCommit ?? "no commit"}).";
        write.AddEvent(run.Id, "version_changed", change);
        LogVersionChanged(run.Id, change);
    }

    private RunSession Launch(RunInfo run, Release release, RunRequest request, bool resumed, Task<EndpointState> probe, Action<Case, Answer>? onAnswer)
    {
        var plan = new RunPlan(run, release.Cases, request.Release.ImageMode, request.Concurrency, resumed ? store.GetAnswers(run.Id) : []);
        var progress = new ProgressCounter(plan.QuestionCount, plan.Cases.Length, time);
        foreach (var one in plan.Cases)
            foreach (var question in one.Questions)
                if (plan.Standing(one, question) is { } standing) progress.Add(standing.Outcome, now: false);
        var session = new RunSession(run, release, resumed, progress);
        // Whoever finds the session can wait for its end, so the task is there before the session can be found.
        var work = new Task<Task<RunInfo>>(() => WorkAsync(session, plan, progress, request, probe, onAnswer));
        session.Completion = work.Unwrap();
        _sessions[run.Id] = session;
        work.Start(TaskScheduler.Default);
        return session;
    }

    private async Task<RunInfo> WorkAsync(RunSession session, RunPlan plan, ProgressCounter progress, RunRequest request, Task<EndpointState> probe, Action<Case, Answer>? onAnswer)
    {
        var run = session.Run;
        RunEnd? end;
        try
        {
            end = await ProbeAsync(session, probe).ConfigureAwait(false);
            if (end is null && request.CheckVision) await CheckVisionAsync(session, request).ConfigureAwait(false);
            end ??= await AskAsync(session, plan, progress, request, onAnswer).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            end = new RunEnd(RunStatus.Cancelled, "Stopped on request.");
        }
        catch (Exception error)
        {
            LogUnexpected(error, run.Id);
            end = new RunEnd(RunStatus.Failed, $"Unexpected error: {error.Message}");
        }

        var finished = time.GetUtcNow();
        try
        {
            await store.WriteAsync(write => write.SetStatus(run.Id, end.Status, end.Reason, finished)).ConfigureAwait(false);
        }
        catch (StoreException error)
        {
            // The answers up to here are safe; a run left as "running" can be resumed like any other.
            LogStatusNotStored(run.Id, error.Message);
            end = new RunEnd(RunStatus.Failed, error.Message);
        }

        _sessions.TryRemove(run.Id, out _);
        return run with { Status = end.Status, StatusReason = end.Reason, FinishedAt = finished };
    }

    // Null: nothing speaks against sending the questions.
    private async Task<RunEnd?> ProbeAsync(RunSession session, Task<EndpointState> probe)
    {
        var state = await probe.WaitAsync(session.Stopping).ConfigureAwait(false);
        if (state.Warning is not null)
        {
            session.Notify(state.Warning);
            await store.WriteAsync(write => write.AddEvent(session.Run.Id, "endpoint_warning", state.Warning)).ConfigureAwait(false);
        }

        return state.Problem is null ? null : new RunEnd(RunStatus.Failed, state.Problem);
    }

    private async Task CheckVisionAsync(RunSession session, RunRequest request)
    {
        using var activity = RunTelemetry.Source.StartActivity("vision check");
        var result = await new VisionCheck(clients).RunAsync(request.Endpoint, request.Timeout, session.Stopping).ConfigureAwait(false);
        session.Vision = result;
        var words = result.Passed ? "Passed" : $"Failed: asked for the colour of a yellow image, the model {(result.Reply is { } reply ? $"replied '{ErrorText.Shorten(reply)}'" : $"gave no reply ({result.Error})")}. Its answers to questions with images say little.";
        if (!result.Passed) session.Notify("Vision check: " + words);
        await store.WriteAsync(write => write.AddEvent(session.Run.Id, "vision_check", words)).ConfigureAwait(false);
    }

    private async Task<RunEnd> AskAsync(RunSession session, RunPlan plan, ProgressCounter progress, RunRequest request, Action<Case, Answer>? onAnswer)
    {
        using var client = clients.Create(request.Endpoint, session.Run.Specification.ParametersJson, request.Timeout, request.Retries);
        var engine = new RunEngine(plan, client, store, images, releases.ImageFinder(session.Release), progress, time, onAnswer);
        return await engine.RunAsync(session.Stopping).ConfigureAwait(false);
    }

    [LoggerMessage(EventId = 10, EventName = "RunVersionChanged", Level = LogLevel.Warning, Message = "Run {RunId}: {Change}")]
    private partial void LogVersionChanged(string runId, string change);

    [LoggerMessage(EventId = 11, EventName = "RunUnexpectedError", Level = LogLevel.Error, Message = "Run {RunId} stopped by an unexpected error")]
    private partial void LogUnexpected(Exception error, string runId);

    [LoggerMessage(EventId = 12, EventName = "RunStatusNotStored", Level = LogLevel.Error, Message = "The end of run {RunId} could not be stored: {Reason}")]
    private partial void LogStatusNotStored(string runId, string reason);
}
