using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Images;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Runs;

/// <summary>Starts and stops runs. The command line and the gRPC service are adapters over it.</summary>
internal sealed class RunManager : IAsyncDisposable
{
    // A server that has fallen silent keeps whoever asks it until its timeouts; after a stop, this much of them is waited for.
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(5);

    private readonly ResultStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RunPlanner _planner;
    private readonly RunRecorder _recorder;
    private readonly RunEndings _endings;
    private readonly RunWorker _worker;
    private readonly ConcurrentDictionary<string, RunSession> _sessions = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _starting = new(1, 1);

    /// <param name="store">Where runs are kept.</param>
    /// <param name="releases">What they ask.</param>
    /// <param name="images">The images of the questions.</param>
    /// <param name="clients">The way to models.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public RunManager(
        ResultStore store, ReleaseLibrary releases, ImageLibrary images, ModelClientFactory clients, TimeProvider time,
        ILogger<RunManager> logger)
    {
        (_store, _time, _logger) = (store, time, logger);
        _planner = new RunPlanner(store, releases, time);
        _recorder = new RunRecorder(store, logger);
        _endings = new RunEndings(store, time, logger);
        _worker = new RunWorker(store, images, clients, _endings, time, logger);
        _store.OutageChanged += TellOutage;
        _store.ReadersWaited += TellReadersWaited;
    }

    /// <summary>The runs that this process works on.</summary>
    public IEnumerable<RunSession> Active => _sessions.Values;

    /// <summary>The run's session, if this process works on it.</summary>
    public RunSession? Find(string runId) => _sessions.GetValueOrDefault(runId);

    /// <summary>What a start would do. Sends nothing and stores nothing.</summary>
    /// <exception cref="ReleaseException">The release is missing or wrong.</exception>
    /// <exception cref="RunRefusedException">The request cannot be carried out; says why.</exception>
    public async Task<RunPlan> PlanAsync(RunRequest request, CancellationToken cancellationToken) =>
        (await _planner.PlanAsync(request, cancellationToken).ConfigureAwait(false)).Plan;

    /// <summary>
    /// Brings the run that matches the request to its target; begins one where there is none. Returns as soon as that is on disk.
    /// </summary>
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
                var repaired = await _store.RepairAsync(planned.Whole, isFromFile: true).ConfigureAwait(false);
                if (await TryStartAsync(planned, request, onAnswer, cancellationToken).ConfigureAwait(false) is not { } session) continue;
                if (repaired.Count > 0) session.Notify(Repaired(repaired));
                return session;
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    // Null: another evaluator has begun the run meanwhile.
    private async Task<RunSession?> TryStartAsync(
        PlannedRun planned, RunRequest request, Action<Case, Answer>? onAnswer, CancellationToken cancellationToken)
    {
        if (planned.Plan.Conversations.IsEmpty) return await FindNothingAsync(planned).ConfigureAwait(false);
        if (planned is { Existing: not null, Plan.Open.Length: 0 })
            return await FinishAsync(planned, cancellationToken).ConfigureAwait(false);
        if (!await _recorder.RecordAsync(planned, request, cancellationToken).ConfigureAwait(false)) return null;
        var session = Launch(planned, request, onAnswer);
        // Who follows the run from now on must not find that nobody works on it, and take it for ended.
        await session.Visible.WaitAsync(cancellationToken).ConfigureAwait(false);
        return session;
    }

    private static string Repaired(IReadOnlyList<Case> cases)
    {
        var which = cases.Count == 1 ? $"case {cases[0].Id}" : $"{cases.Count} cases ({cases[0].Id}, …)";
        return $"What the store held of {which} was not what the release's file says; it has been put back from there. "
            + "The store was changed by another program, or its disk is failing.";
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

    /// <summary>The same in every process that works on the run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Ends the waiting; what was asked to stop stops.</param>
    /// <exception cref="RunRefusedException">Another process goes on.</exception>
    public async Task StopEverywhereAsync(RunInfo run, CancellationToken cancellationToken)
    {
        var others = await StopWish.SendAsync(_store, run, cancellationToken).ConfigureAwait(false);
        await StopAsync(run.Id).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (others) await StopWish.WaitAsync(_store, run, _time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops every run.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var session in Active) await session.StopAsync().ConfigureAwait(false);
        await Task.WhenAll(Active.Select(session => session.Completion)).ConfigureAwait(false);
        _store.OutageChanged -= TellOutage;
        _store.ReadersWaited -= TellReadersWaited;
        _starting.Dispose();
    }

    /// <summary>Reports the requests in flight, and how many there may be, as metrics.</summary>
    public void ObserveInFlight() =>
        RunTelemetry.ObserveInFlight(() => Measure(progress => progress.InFlight), () => Measure(progress => progress.RequestLimit));

    private IEnumerable<Measurement<int>> Measure(Func<RunProgress, int> what) => Active.Select(session =>
        new Measurement<int>(what(session.Progress), new KeyValuePair<string, object?>("liveclin.model", session.Run.Specification.Model)));

    private RunSession? FindUnderWay(RunRequest request, RunPlan plan)
    {
        var identity = plan.Run.Specification.Identity;
        var active = Active.FirstOrDefault(
            session => session.Run.Id == plan.Run.Id || (request.Fresh && session.Run.Specification.Identity == identity));
        if (active is null) return null;
        if (!request.Fresh && request.ContinueRunId is null && active.Target.Contains(plan.Target)) return active;
        throw new RunRefusedException($"Run {active.Run.Id} is under way in this evaluator already. Wait for its end, or stop it first.");
    }

    // The condition leaves every case as it is that was asked for: there is no run to speak of.
    private async Task<RunSession> FindNothingAsync(PlannedRun planned)
    {
        await _store.WriteAsync(write => write.AddRelease(planned.Whole)).ConfigureAwait(false);
        var run = planned.Existing ?? planned.Plan.Run with { Status = RunStatus.Completed, FinishedAt = _time.GetUtcNow() };
        return Over(run, planned.Plan);
    }

    // Nothing is to be asked. A run that was cut off after its last answer gets the status that it has earned; where others work on it,
    // they say how it ends.
    private async Task<RunSession> FinishAsync(PlannedRun planned, CancellationToken cancellationToken)
    {
        var run = planned.Existing! with { Target = planned.Plan.Run.Target };
        var end = _endings.Of(run);
        var others = end.Status == RunStatus.Completed
            ? 0 : await _store.CountOthersAsync(run.Id, cancellationToken).ConfigureAwait(false);
        if (others == 0 && (end.Status != run.Status || run.Target != planned.Existing.Target))
            run = run with { Status = end.Status, StatusReason = end.Reason, FinishedAt = run.FinishedAt ?? _time.GetUtcNow() };
        if (run != planned.Existing)
        {
            await _store.WriteAsync(write =>
            {
                write.WidenTarget(run.Id, run.Target);
                if (others == 0) write.SetStatus(run.Id, run.Status, run.StatusReason, run.FinishedAt);
            }).ConfigureAwait(false);
        }

        return Over(run, planned.Plan);
    }

    private RunSession Over(RunInfo run, RunPlan plan) =>
        new(run, plan.Target, plan.Release, RunStart.NothingToAsk, Count(plan)) { Completion = Task.FromResult(run) };

    private RunSession Launch(PlannedRun planned, RunRequest request, Action<Case, Answer>? onAnswer)
    {
        var plan = planned.Plan;
        var run = plan.Run with { Status = RunStatus.Running, StatusReason = null, FinishedAt = null };
        var progress = Count(plan);
        var start = planned.Existing is null ? RunStart.Begun : RunStart.Continued;
        var session = new RunSession(run, plan.Target, plan.Release, start, progress)
        {
            Estimate = Task.Run(() => RunEstimate.Of(plan, _store)),
        };
        // Whoever finds the session can wait for its end, so the task is there before the session can be found.
        var work = new Task<Task<RunInfo>>(() => WorkAsync(new RunTask(session, planned, progress, request, onAnswer)));
        session.Completion = work.Unwrap();
        _sessions[run.Id] = session;
        session.ShowOutage(_store.Outage?.Describe());
        work.Start(TaskScheduler.Default);
        return session;
    }

    /// <summary>How far a plan's target is before anything is asked.</summary>
    public ProgressCounter Count(RunPlan plan)
    {
        var progress = new ProgressCounter(plan.QuestionCount, plan.Conversations.Length, _time);
        var open = plan.Open.Select(conversation => conversation.Key).ToHashSet();
        foreach (var conversation in plan.Conversations)
        {
            var standing = plan.StandingAnswers(conversation).ToList();
            foreach (var answer in standing) progress.Add(answer, now: false);
            if (open.Contains(conversation.Key)) continue;
            progress.CaseDone(standing.Count(answer => answer.IsCorrect) == conversation.Case.Questions.Length, now: false);
        }

        return progress;
    }

    private async Task<RunInfo> WorkAsync(RunTask task)
    {
        var work = _worker.RunAsync(task);
        var run = _store.IsShared && await Task.WhenAny(work, WaitLongestAsync(task.Session)).ConfigureAwait(false) != work
            ? Leave(task.Session)
            : await work.ConfigureAwait(false);
        _sessions.TryRemove(run.Id, out _);
        return run;
    }

    private async Task WaitLongestAsync(RunSession session)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, session.GivingUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Delay(LastWait, _time).ConfigureAwait(false);
    }

    // What is still under way ends by itself, as far as it can.
    private RunInfo Leave(RunSession session)
    {
        session.IsStoreSilent = true;
        RunLog.StatusNotStored(_logger, session.Run.Id, "the database does not answer.");
        return session.Run with { Status = RunStatus.Cancelled, StatusReason = "Stopped on request, while the database did not answer." };
    }

    private void TellReadersWaited(object? sender, TimeSpan lasted) =>
        RunLog.ReadersWaited(_logger, _store.Path, StoreOutage.InWords(lasted));

    // To the log, and to whoever watches a run: on the store's writing thread.
    private void TellOutage(object? sender, StoreOutage outage)
    {
        if (outage.Lasted is null) RunLog.StoreGone(_logger, _store.Path, outage.Describe());
        else RunLog.StoreBack(_logger, _store.Path, outage.Describe());
        foreach (var session in Active) session.ShowOutage(_store.Outage?.Describe());
    }
}
