using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Images;
using LiveClin.Evaluator.Models;
using LiveClin.Evaluator.Runs.Batches;

namespace LiveClin.Evaluator.Runs;

/// <summary>Starts and stops runs. The command line and the gRPC service are adapters over it.</summary>
internal sealed partial class RunManager(ResultStore store, ReleaseLibrary releases, ImageLibrary images, ModelClientFactory clients, TimeProvider time, ILogger<RunManager> logger) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RunSession> _sessions = new(StringComparer.Ordinal);
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<(string Model, string Release), ModelSpending> _spending = new();
    private readonly ConcurrentDictionary<string, SuspectQuestions> _suspects = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly RunPlanner _planner = new(store, releases, time);

    /// <summary>The runs that this process works on.</summary>
    public IEnumerable<RunSession> Active => _sessions.Values;

    /// <summary>The run's session, if this process works on it.</summary>
    public RunSession? Find(string runId) => _sessions.GetValueOrDefault(runId);

    /// <summary>What a start would do. Sends nothing and stores nothing.</summary>
    /// <exception cref="ReleaseException">The release is missing or wrong.</exception>
    /// <exception cref="RunRefusedException">The request cannot be carried out; says why.</exception>
    public async Task<RunPlan> PlanAsync(RunRequest request, CancellationToken cancellationToken) =>
        (await _planner.PlanAsync(request, cancellationToken).ConfigureAwait(false)).Plan;

    /// <summary>Brings the run that matches the request to its target; begins one where there is none. Returns as soon as that is on disk.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="cancellationToken">Gives up before the run has begun; does not stop it later.</param>
    /// <param name="onAnswer">Told of each answer once it is on disk; must be fast and thread-safe.</param>
    /// <returns>The work on the run; that which is under way already when it does what was asked.</returns>
    /// <exception cref="ReleaseException">The release is missing or wrong.</exception>
    /// <exception cref="RunRefusedException">The request cannot be carried out; says why.</exception>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    public async Task<RunSession> StartAsync(RunRequest request, CancellationToken cancellationToken, Action<Case, Answer>? onAnswer = null)
    {
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (true)
            {
                var planned = await _planner.PlanAsync(request, cancellationToken).ConfigureAwait(false);
                if (FindUnderWay(request, planned.Plan) is { } active) return active;
                if (planned.Plan.Conversations.IsEmpty) return await FindNothingAsync(planned).ConfigureAwait(false);
                if (planned is { Existing: not null, Plan.Open.Length: 0 }) return await FinishAsync(planned).ConfigureAwait(false);
                if (await RecordAsync(planned, request).ConfigureAwait(false)) return Launch(planned, request, onAnswer);
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Stops a run and waits until it has stopped; null when this process does not work on it.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="loss">How its model's server was lost, if that is why.</param>
    public async Task<RunInfo?> StopAsync(string runId, ServerLoss? loss = null)
    {
        if (Find(runId) is not { } session) return null;
        await session.StopAsync(loss).ConfigureAwait(false);
        return await session.Completion.ConfigureAwait(false);
    }

    /// <summary>Stops every run.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var session in Active) await session.StopAsync().ConfigureAwait(false);
        await Task.WhenAll(Active.Select(session => session.Completion)).ConfigureAwait(false);
        _starting.Dispose();
    }

    /// <summary>Reports the requests in flight, and how many there may be, as metrics.</summary>
    public void ObserveInFlight() => RunTelemetry.ObserveInFlight(() => Measure(progress => progress.InFlight), () => Measure(progress => progress.RequestLimit));

    private IEnumerable<Measurement<int>> Measure(Func<RunProgress, int> what) => Active.Select(session =>
        new Measurement<int>(what(session.Progress), new KeyValuePair<string, object?>("liveclin.model", session.Run.Specification.Model)));

    private RunSession? FindUnderWay(RunRequest request, RunPlan plan)
    {
        var identity = plan.Run.Specification.Identity;
        if (Active.FirstOrDefault(session => session.Run.Id == plan.Run.Id || (request.Fresh && session.Run.Specification.Identity == identity)) is not { } active) return null;
        if (!request.Fresh && request.ContinueRunId is null && active.Target.Contains(plan.Target)) return active;
        throw new RunRefusedException($"Run {active.Run.Id} is under way in this evaluator already. Wait for its end, or stop it first.");
    }

    // The condition leaves every case as it is that was asked for: there is no run to speak of.
    private async Task<RunSession> FindNothingAsync(PlannedRun planned)
    {
        await store.WriteAsync(write => write.AddRelease(planned.Whole)).ConfigureAwait(false);
        var run = planned.Existing ?? planned.Plan.Run with { Status = RunStatus.Completed, FinishedAt = time.GetUtcNow() };
        return new RunSession(run, planned.Plan.Target, planned.Plan.Release, RunStart.NothingToAsk, Count(planned.Plan)) { Completion = Task.FromResult(run) };
    }

    // Nothing is to be asked. A run that was cut off after its last answer gets the status that it has earned.
    private async Task<RunSession> FinishAsync(PlannedRun planned)
    {
        var run = planned.Existing! with { Target = planned.Plan.Run.Target };
        var end = EndOf(run);
        if (end.Status != run.Status || run.Target != planned.Existing.Target)
        {
            run = run with { Status = end.Status, StatusReason = end.Reason, FinishedAt = run.FinishedAt ?? time.GetUtcNow() };
            await store.WriteAsync(write =>
            {
                write.SetTarget(run.Id, run.Target);
                write.SetStatus(run.Id, run.Status, run.StatusReason, run.FinishedAt);
            }).ConfigureAwait(false);
        }

        return new RunSession(run, planned.Plan.Target, planned.Plan.Release, RunStart.NothingToAsk, Count(planned.Plan)) { Completion = Task.FromResult(run) };
    }

    // The status says how the run stands to its own target, which may be larger than what was asked for now.
    private RunEnd EndOf(RunInfo run)
    {
        // Another evaluator may have been asked for more meanwhile.
        var tally = store.Tally(store.IsShared ? store.FindRun(run.Id) ?? run : run);
        if (tally.IsComplete) return new RunEnd(RunStatus.Completed, null);
        return tally.QuestionsDone == tally.Questions
            ? new RunEnd(RunStatus.EndedWithFailures, $"{tally.QuestionsFailed} of {tally.Questions} questions have no reply.")
            : new RunEnd(RunStatus.Cancelled, $"{tally.Questions - tally.QuestionsDone} of the {tally.Questions} questions that were asked for earlier are still open.");
    }

    // False: another evaluator has begun the run meanwhile, and this one is to join it.
    private async Task<bool> RecordAsync(PlannedRun planned, RunRequest request)
    {
        var isRecorded = false;
        await store.WriteAsync(write =>
        {
            isRecorded = planned.Existing is not null || request.Fresh || write.IsNew(planned.Plan.Run.Specification.Identity);
            if (isRecorded) Record(write, planned, request);
        }).ConfigureAwait(false);
        return isRecorded;
    }

    private void Record(StoreTransaction write, PlannedRun planned, RunRequest request)
    {
        var run = planned.Plan.Run;
        if (planned.Existing is not { } existing)
        {
            write.AddRelease(planned.Whole);
            write.AddRun(run, request.IdempotencyKey);
            PutRequest(write, run, request);
            RecordedLimit.Put(write, run.Id, request, []);
            write.PutRunCases(run.Id, planned.Plan.Asked.RunCases);
            if (request.Fresh) write.Supersede(run.Id);
            return;
        }

        write.SetTarget(run.Id, store.IsShared ? (store.FindRun(run.Id)?.Target ?? run.Target).Union(run.Target) : run.Target);
        write.SetStatus(run.Id, RunStatus.Running, null, null);
        PutRequest(write, run, request);
        RecordedLimit.Put(write, run.Id, request, store.GetEvents(run.Id));
        var more = run.Target == existing.Target ? "" : $" The target is now {run.Target.Describe()} (before: {existing.Target.Describe()}).";
        write.AddEvent(run.Id, "resumed", $"Continued by version {ProgramIdentity.Version} at {run.Specification.Endpoint}.{more}");
        if (existing.Specification.Endpoint != run.Specification.Endpoint)
            write.AddEvent(run.Id, "endpoint_changed", $"Answers until now came from {existing.Specification.Endpoint}, further ones come from {run.Specification.Endpoint}.");
        if (run.ProgramVersion == ProgramIdentity.Version && run.GitCommit == ProgramIdentity.GitCommit) return;
        var change = $"Begun with version {run.ProgramVersion} ({run.GitCommit ?? "no commit"}), continued with {ProgramIdentity.Version} ({ProgramIdentity.GitCommit ?? "no commit"}).";
        write.AddEvent(run.Id, "version_changed", change);
        LogVersionChanged(run.Id, change);
    }

    /// <summary>Keeps what a caller's key stands for.</summary>
    public static void PutRequest(StoreTransaction write, RunInfo run, RunRequest request)
    {
        if (request is { IdempotencyKey: { } key, Sha256: { } sha256 }) write.PutStartRequest(run.Id, key, sha256);
    }

    private RunSession Launch(PlannedRun planned, RunRequest request, Action<Case, Answer>? onAnswer)
    {
        var plan = planned.Plan;
        var run = plan.Run with { Status = RunStatus.Running, StatusReason = null, FinishedAt = null };
        var progress = Count(plan);
        var session = new RunSession(run, plan.Target, plan.Release, planned.Existing is null ? RunStart.Begun : RunStart.Continued, progress)
        {
            Estimate = Task.Run(() => RunEstimate.Of(plan, store)),
        };
        // Whoever finds the session can wait for its end, so the task is there before the session can be found.
        var work = new Task<Task<RunInfo>>(() => WorkAsync(session, planned, progress, request, onAnswer));
        session.Completion = work.Unwrap();
        _sessions[run.Id] = session;
        work.Start(TaskScheduler.Default);
        return session;
    }

    /// <summary>How far a plan's target is before anything is asked.</summary>
    public ProgressCounter Count(RunPlan plan)
    {
        var progress = new ProgressCounter(plan.QuestionCount, plan.Conversations.Length, time);
        var open = plan.Open.Select(conversation => conversation.Key).ToHashSet();
        foreach (var conversation in plan.Conversations)
        {
            var standing = plan.StandingAnswers(conversation).ToList();
            foreach (var answer in standing) progress.Add(answer, now: false);
            if (!open.Contains(conversation.Key)) progress.CaseDone(standing.Count(answer => answer.IsCorrect) == conversation.Case.Questions.Length, now: false);
        }

        return progress;
    }

    private async Task<RunInfo> WorkAsync(RunSession session, PlannedRun planned, ProgressCounter progress, RunRequest request, Action<Case, Answer>? onAnswer)
    {
        var run = session.Run;
        RunEnd? end;
        try
        {
            await store.SetPresenceAsync(run.Id, true).ConfigureAwait(false);
            var spending = _spending.GetOrAdd((run.Specification.Model, run.Specification.ReleaseSha256), _ => new ModelSpending());
            var limit = LimitOf(session, request, spending);
            end = limit is not null && await limit.FindStopAsync().ConfigureAwait(false) is { } reached ? new RunEnd(RunStatus.Cancelled, reached) { IsAtLimit = true } : null;
            end ??= FindBatches(run, request);
            end ??= await ProbeAsync(session, planned, request).ConfigureAwait(false);
            if (end is null && request.CheckVision) await CheckVisionAsync(session, request).ConfigureAwait(false);
            end ??= await AskAsync(session, planned, progress, request, spending, limit, onAnswer).ConfigureAwait(false);
            if (end.Status == RunStatus.Completed) end = EndOf(run);
            (session.IsRefused, session.IsAtLimit) = (end.IsRefusal, end.IsAtLimit);
        }
        catch (OperationCanceledException)
        {
            end = new RunEnd(RunStatus.Cancelled, "Stopped on request; the same command goes on.");
        }
        catch (Exception error)
        {
            LogUnexpected(error, run.Id);
            end = new RunEnd(RunStatus.Failed, $"Unexpected error: {error.Message}");
        }

        var finished = time.GetUtcNow();
        // A stop does not wait for a database that is gone.
        using var patience = session.Stopping.IsCancellationRequested ? new CancellationTokenSource(LastWait, time) : new CancellationTokenSource();
        try
        {
            await EndAsync(run, end, finished, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            LogStatusNotStored(run.Id, "the store's server cannot be reached.");
        }
        catch (StoreException error)
        {
            // The answers up to here are safe; a run left as "running" can be continued like any other.
            LogStatusNotStored(run.Id, error.Message);
            end = new RunEnd(RunStatus.Failed, error.Message);
        }

        _sessions.TryRemove(run.Id, out _);
        return run with { Status = end.Status, StatusReason = end.Reason, FinishedAt = finished };
    }

    // Of several evaluators the last one says how the run ended; one that leaves others at work only notes that it left.
    private async Task EndAsync(RunInfo run, RunEnd end, DateTimeOffset finished, CancellationToken patience)
    {
        await store.SetPresenceAsync(run.Id, false).WaitAsync(patience).ConfigureAwait(false);
        var others = end.Status == RunStatus.Completed ? 0 : await store.CountOthersAsync(run.Id).WaitAsync(patience).ConfigureAwait(false);
        await store.WriteUnlessGoneAsync(
            write =>
            {
                if (others == 0) write.SetStatus(run.Id, end.Status, end.Reason, finished);
                else write.AddEvent(run.Id, "evaluator_left", $"{end.Reason} Left by {ProgramIdentity.Machine}; others go on.");
            },
            patience).ConfigureAwait(false);
        await store.CheckpointAsync().ConfigureAwait(false); // a plain copy of the store's file has the whole run from now on
    }

    // Asked now, what is in them would be paid for twice.
    private RunEnd? FindBatches(RunInfo run, RunRequest request) => request.Batch || new BatchLog(store, run).FindOpen() is not { Count: > 0 } open ? null
        : new RunEnd(RunStatus.Failed, $"Run {run.Id} has {open.Count} batch{(open.Count == 1 ? "" : "es")} under way at {open[0].Endpoint}. --batch (Batch) collects them; --batch --cancel-batches ends them.");

    private SpendingLimit? LimitOf(RunSession session, RunRequest request, ModelSpending spending)
    {
        if (request is not { MaxCost: { } most, Price: { } price }) return null;
        spending.CountAgain(store, session.Run.Specification);
        return new SpendingLimit(price, most, spending, session.Estimate!);
    }

    // Null: nothing speaks against sending the questions.
    private async Task<RunEnd?> ProbeAsync(RunSession session, PlannedRun planned, RunRequest request)
    {
        var state = await new EndpointProbe(clients).CheckAsync(request.Endpoint, session.Stopping).ConfigureAwait(false);
        // Another server under the run's name: it must at least say that it has the same model.
        if (state.IsOtherModel && planned.Existing is { } existing && existing.Specification.Endpoint != session.Run.Specification.Endpoint)
            return new RunEnd(RunStatus.Failed, $"Run {session.Run.Id} was asked at {existing.Specification.Endpoint}. {state.Warning} Continue it where that model is, or begin another run with --fresh.");
        var environment = ServingKnowledge.EnvironmentOf(request.Serving, request.Endpoint, state.ModelInfo);
        await store.WriteAsync(write => write.PutEnvironment(session.Run.Id, new RecordedEnvironment(time.GetUtcNow(), environment))).ConfigureAwait(false);
        if (state.Warning is not null)
        {
            await TellAsync(session, "endpoint_warning", state.Warning).ConfigureAwait(false);
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

    private async Task<RunEnd> AskAsync(
        RunSession session, PlannedRun planned, ProgressCounter progress, RunRequest request, ModelSpending spending, SpendingLimit? limit, Action<Case, Answer>? onAnswer)
    {
        var plan = planned.Plan;
        progress.RequestLimit = plan.Concurrency;
        var conduct = new RunConduct(
            plan.Concurrency, time, request.Dialect, change => TellAsync(session, "request_adapted", change), request.TokensPerMinute,
            gate => (progress.RequestLimit, progress.Note) = (gate.Limit, gate.Note));
        await conduct.Adaptations.TellAsync(plan.Run.Specification.ParametersJson).ConfigureAwait(false);
        var redaction = new KeyRedaction(request.Endpoint.ApiKey);
        var seen = new ImageRecord(plan.Run, planned.Images);
        await seen.HashAsync(plan, session.Stopping).ConfigureAwait(false);
        if (await BlankImages.FindProblemAsync(plan, session.Stopping).ConfigureAwait(false) is { } problem) return new RunEnd(RunStatus.Failed, problem, IsRefusal: true);
        var prompts = new RunPrompts(plan, images, seen);
        var keeper = new AnswerKeeper(plan, store, progress, new ServerWatch(plan.Run.Specification), spending, time, onAnswer);
        if (request.Batch)
        {
            // A batch is sent as a whole: nobody else may ask what is in it.
            if (await store.CountOthersAsync(plan.Run.Id).ConfigureAwait(false) > 0)
                return new RunEnd(RunStatus.Failed, $"Another evaluator works on run {plan.Run.Id}, and batches want it alone. Wait for its end, or stop it.");
            var questions = new OpenQuestions(plan, prompts);
            var collector = new BatchCollector(
                questions, keeper, conduct, progress, limit, redaction, plan.Run.Specification.ParametersJson, request.Retries.MaxRetries, time);
            return await new BatchEngine(plan, request, clients.ConnectBatches(request.Endpoint), new BatchLog(store, plan.Run), questions, collector, conduct, progress, limit, time)
                .RunAsync(session.Stopping).ConfigureAwait(false);
        }

        using var perEpoch = new EpochClients(clients, request, plan.Run.Specification.ParametersJson, conduct);
        var runner = new CaseRunner(plan, perEpoch.Of, prompts, keeper, progress, limit, time, redaction);
        var suspects = _suspects.GetOrAdd(plan.Run.Id, _ => new SuspectQuestions());
        using var open = new OpenConversations(plan, store, time, suspects);
        await using var shared = store.IsShared ? new SharedProgress(() => store.Tally(plan.Run, plan.Target), progress, time) : null;
        var engine = new RunEngine(plan, runner, open, new Isolation(suspects), conduct.History, time);
        var end = await engine.RunAsync(session.Stopping).ConfigureAwait(false);
        if (session.Loss is not { } loss) return end;
        session.Verdict = suspects.Judge(runner.CutOff);
        if (session.Verdict.Guilty is { } guilty) await new LossRecord(plan, store, keeper, progress, time).KeepAsync(guilty, loss).ConfigureAwait(false);
        // What is left open makes it a run that was stopped.
        return EndOf(plan.Run) is { Status: not RunStatus.Cancelled } over ? over
            : new RunEnd(RunStatus.Cancelled, $"Stopped because the model's server is gone: {loss.Reason}");
    }

    // Shown to whoever watches, and kept.
    private async Task TellAsync(RunSession session, string kind, string words)
    {
        session.Notify(words);
        await store.WriteAsync(write => write.AddEvent(session.Run.Id, kind, words)).ConfigureAwait(false);
    }

    [LoggerMessage(EventId = 10, EventName = "RunVersionChanged", Level = LogLevel.Warning, Message = "Run {RunId}: {Change}")]
    private partial void LogVersionChanged(string runId, string change);

    [LoggerMessage(EventId = 11, EventName = "RunUnexpectedError", Level = LogLevel.Error, Message = "Run {RunId} stopped by an unexpected error")]
    private partial void LogUnexpected(Exception error, string runId);

    [LoggerMessage(EventId = 12, EventName = "RunStatusNotStored", Level = LogLevel.Error, Message = "The end of run {RunId} could not be stored: {Reason}")]
    private partial void LogStatusNotStored(string runId, string reason);
}
