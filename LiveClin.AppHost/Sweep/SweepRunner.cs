using System.Collections.Concurrent;
using Grpc.Core;
using LiveClin.AppHost.Dashboard;
using LiveClin.AppHost.Gpus;
using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Services;
using LiveClin.AppHost.Settings;
using LiveClin.AppHost.Telemetry;
using LiveClin.Evaluator.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LiveClin.AppHost.Sweep;

/// <summary>
/// The sweep: managed servers in their order, at the same time as far as the devices go round, and everything that needs no GPU beside
/// them.
/// </summary>
internal sealed class SweepRunner(
    SweepResource sweep,
    IReadOnlyList<ModelRun> models,
    SweepSettings settings,
    EvaluatorClient evaluator,
    ModelEvaluation evaluation,
    PauseGate gate,
    SweepTelemetry telemetry,
    ResourceNotificationService notifications,
    IHostApplicationLifetime lifetime,
    SweepNews news,
    StatsClient stats,
    StatsPages pages,
    ServiceReadiness services,
    Seats seats,
    IResource evaluatorService)
{
    private const string Unusable = "the release is not usable; its errors are above.";
    private const string Restart =
        " Its console has all of it. When the cause is gone, start it there and run the models again; other settings need another start.";

    private readonly SemaphoreSlim _managed = new(1, 1);
    private readonly SemaphoreSlim _others = new(1, 1);
    // Built-in examinees answer at once: one alone leaves the machine waiting.
    private readonly SemaphoreSlim _builtIn = new(4, 4);
    // A batch takes hours, and nothing of this machine.
    private readonly SemaphoreSlim _batches = new(int.MaxValue);
    private CancellationTokenSource _stop = new();
    private IReadOnlyList<ModelRun>? _conditioned;
    private bool _dataWrong, _hasBegun;
    private IReadOnlyList<FloorScore> _floors = [];
    private string _releaseName = settings.ReleaseName ?? Path.GetFileNameWithoutExtension(settings.JsonlPath ?? "");

    // One for each model and condition, once the conditions are known.
    private IReadOnlyList<ModelRun> Runs => _conditioned ?? models;

    /// <summary>True between start and end.</summary>
    public bool IsActive { get; private set; }

    /// <summary>True while paused.</summary>
    public bool IsPaused => gate.IsPaused;

    /// <summary>Waits for the evaluator, checks the release, evaluates every model, and reports.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PublishAsync(KnownResourceStates.Waiting, KnownResourceStateStyles.Info);
            if (await services.FindEndAsync(evaluatorService.Name, cancellationToken) is { } ended)
            {
                // Settings that it could not begin with, such as a store's.
                _dataWrong = ended.ExitCode == ExitCodes.Invalid;
                throw new DistributedApplicationException(ended.Words);
            }

            using var activity = telemetry.StartRoot($"sweep over {SweepText.Models(models.Count)}")
                ?.SetTag("liveclin.models", models.Count);
            _hasBegun = await CheckReleaseAsync(cancellationToken);
            if (_hasBegun) await EvaluateAsync(Runs, again: false, cancellationToken);
            activity?.SetTag("liveclin.release", _releaseName);
            activity.End(Runs.Count(r => r.State == ModelRunState.Failed) is > 0 and var failed
                ? $"{failed} of {Runs.Count} runs failed" : null);
        }
        catch (Exception e) when (e is DistributedApplicationException or RpcException)
        {
            var reason = e is RpcException rpc ? RunWatcher.Describe(rpc) : $"{e.Message}{(settings.ExitWhenDone ? "" : Restart)}";
            SweepLog.SweepFailed(news.Sweep, SweepText.Safe(reason));
            _dataWrong |= e is RpcException
                { StatusCode: StatusCode.NotFound or StatusCode.InvalidArgument or StatusCode.FailedPrecondition };
            foreach (var run in Runs.Where(r => r.State == ModelRunState.Pending))
                (run.State, run.Failure) = (ModelRunState.Failed, reason);
        }

        if (cancellationToken.IsCancellationRequested) return;
        await FinishAsync();
        if (settings.ExitWhenDone) lifetime.StopApplication();
    }

    /// <summary>A model's runs: one for each condition.</summary>
    public IReadOnlyList<ModelRun> RunsOf(ModelRunResource model) => [.. Runs.Where(run => run.Resource == model)];

    /// <summary>Evaluates one model again from its first question, under every condition.</summary>
    public async Task RunAgainAsync(ModelRunResource model)
    {
        using var activity = telemetry.StartRoot("run again");
        _hasBegun = true; // else the call says so
        await EvaluateAsync(RunsOf(model), again: true, lifetime.ApplicationStopping);
        await FinishAsync();
    }

    /// <summary>Stops what runs, and everything that waits for its turn.</summary>
    public void Stop()
    {
        SweepLog.SweepState(news.Sweep, "stopped; what was answered is kept");
        gate.Open();
        _stop.Cancel();
    }

    /// <summary>Stops what runs until <see cref="Resume"/>; servers stay up.</summary>
    public async Task PauseAsync()
    {
        gate.Close();
        SweepLog.SweepState(news.Sweep, "paused; model servers stay up");
        await PublishAsync("Paused", KnownResourceStateStyles.Warn);
    }

    /// <summary>Goes on.</summary>
    public async Task ResumeAsync()
    {
        gate.Open();
        SweepLog.SweepState(news.Sweep, "goes on");
        await PublishCountAsync();
    }

    private async Task<bool> CheckReleaseAsync(CancellationToken cancellationToken)
    {
        var checkedRelease = await evaluator.ValidateAsync(cancellationToken);
        foreach (var issue in checkedRelease.Issues.Where(i => i.IsError))
            SweepLog.DataWrong(news.Sweep,
                SweepText.Safe($"{issue.File}{(issue.HasLine ? $":{issue.Line}" : "")}{(issue.Field.Length > 0 ? $" {issue.Field}" : "")}: {issue.Message}"));
        if (!checkedRelease.Valid)
        {
            _dataWrong = true;
            foreach (var run in Runs) (run.State, run.Failure) = (ModelRunState.Failed, Unusable);
            SweepLog.SweepFailed(news.Sweep, Unusable);
            return false;
        }

        _conditioned = await UnderConditionsAsync(cancellationToken);
        _releaseName = checkedRelease.Release.Name;
        _floors = checkedRelease.Floors;
        foreach (var examinee in models.Select(r => r.Server).OfType<BaselineModel>()) examinee.Settle(_floors[0].ApiId);
        SweepLog.Started(news.Sweep, SweepText.Models(models.Count), _releaseName, checkedRelease.Release.CaseCount,
            checkedRelease.Release.QuestionCount);
        await TellEstimateAsync(cancellationToken);
        return true;
    }

    // What cannot be planned is told when its turn comes.
    private async Task TellEstimateAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var line in await SweepEstimate.DescribeAsync(Runs,
                run => evaluator.PlanAsync(run, settings.Fresh, cancellationToken)))
                SweepLog.Line(news.Sweep, line);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition)
        {
            SweepLog.NoEstimate(news.Sweep, SweepText.Safe(RunWatcher.Describe(e)));
        }
    }

    private async Task<IReadOnlyList<ModelRun>> UnderConditionsAsync(CancellationToken cancellationToken)
    {
        var resolved = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var all = new List<ModelRun>();
        foreach (var model in models)
        {
            var names = model.Model.Conditions ?? settings.Conditions;
            var key = string.Join(',', names);
            if (!resolved.TryGetValue(key, out var conditions))
                resolved[key] = conditions = await evaluator.ResolveConditionsAsync(names, cancellationToken);
            all.AddRange(conditions.Select(condition => condition == model.Condition
                ? model : new ModelRun(model.Server, model.Resource, condition)));
        }

        return all;
    }

    private async Task EvaluateAsync(IReadOnlyList<ModelRun> wanted, bool again, CancellationToken cancellationToken)
    {
        if (_stop.IsCancellationRequested) _stop = new CancellationTokenSource();
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        IsActive = true;
        try
        {
            await PublishCountAsync();
            // A model that waits for its key, or for batches, holds up no other.
            // One whose settings are wrong has no server, whatever its kind.
            var lanes = wanted.GroupBy(r => (IsManaged: r.Server is ManagedServerResource, Alone: r.Server.LacksKey || r.Model.Batch
                || r.Server is BaselineModel ? r.Server : null))
                .Select(lane => lane.Key.IsManaged
                    ? ManagedAsync([.. lane], again, linked.Token) : LaneAsync([.. lane], TurnOf(lane.First()), again, linked.Token));
            await Task.WhenAll(lanes);
        }
        finally
        {
            IsActive = false;
        }
    }

    private SemaphoreSlim TurnOf(ModelRun run) => run.Server is BaselineModel ? _builtIn
        : run.Model.Batch ? _batches : _others;

    // First come, first served: a model's turn comes when the one before it has its devices, or needs none. So the large are not passed by.
    private async Task ManagedAsync(IReadOnlyList<ModelRun> lane, bool again, CancellationToken cancellationToken)
    {
        var running = new List<Task>();
        foreach (var ofModel in lane.GroupBy(run => (ManagedServerResource)run.Server))
        {
            await ofModel.Key.Turn.WaitAsync(CancellationToken.None);
            await _managed.WaitAsync(CancellationToken.None);
            try
            {
                var evaluated = EvaluateAsync(ofModel.Key, [.. ofModel]);
                running.Add(evaluated);
                await Task.WhenAny(evaluated, seats.SeatedAsync(ofModel.Key));
            }
            finally
            {
                _managed.Release();
            }
        }

        await Task.WhenAll(running);

        async Task EvaluateAsync(ManagedServerResource server, IReadOnlyList<ModelRun> runs)
        {
            try
            {
                await evaluation.RunAsync(runs, again, cancellationToken);
            }
            finally
            {
                server.Turn.Release();
            }

            await PublishCountAsync();
        }
    }

    private async Task LaneAsync(IReadOnlyList<ModelRun> lane, SemaphoreSlim turn, bool again, CancellationToken cancellationToken)
    {
        // While a model's server is up, it is asked under every condition.
        foreach (var ofModel in lane.GroupBy(run => run.Server))
        {
            foreach (var run in ofModel) await evaluation.WaitForKeyAsync(run, cancellationToken);
            await turn.WaitAsync(CancellationToken.None);
            try
            {
                await evaluation.RunAsync([.. ofModel], again, cancellationToken);
            }
            finally
            {
                turn.Release();
            }

            await PublishCountAsync();
        }
    }

    private async Task FinishAsync()
    {
        SweepReport.WriteJUnit(settings.ResultsFolder, _releaseName, Runs);
        sweep.ExitCode = _dataWrong ? ExitCodes.Invalid : SweepReport.ExitCode(Runs);
        // Why it has not begun was said; there is nothing to look at.
        if (_hasBegun) await SummarizeAsync();
        await PublishAsync(
            KnownResourceStates.Finished,
            sweep.ExitCode == ExitCodes.Success ? KnownResourceStateStyles.Success : KnownResourceStateStyles.Warn);
    }

    private async Task SummarizeAsync()
    {
        // Conditions are no rivals of each other: what is said of models is said of the published ones.
        var shown = Runs.Where(r => r is { State: ModelRunState.Completed, Condition: ModelRun.Published, Model.IsInFloorBlock: false })
            .Select(r => r.Run?.Id).OfType<string>().ToList();
        var (seen, found) = await stats.SummarizeAsync(shown, Runs.Any(r => r.Condition != ModelRun.Published),
            lifetime.ApplicationStopping);
        var summary = new SweepSummary(Runs, _floors, _releaseName)
        {
            Seen = seen,
            Found = found,
            Leaderboard = settings.ExitWhenDone ? null : pages.Leaderboard,
            Store = settings.Store.KeptName,
        };
        foreach (var line in summary.Lines()) SweepLog.Line(news.Summary, line);
    }

    private Task PublishCountAsync() => IsPaused
        ? Task.CompletedTask
        : PublishAsync(Runs.Count == models.Count
            ? $"{CountEnded()} of {SweepText.Models(models.Count)}"
            : $"{CountEnded()} of {Runs.Count} runs of {SweepText.Models(models.Count)}", KnownResourceStateStyles.Info);

    private int CountEnded() => Runs.Count(r => r.State is not (ModelRunState.Pending or ModelRunState.Active));

    private Task PublishAsync(string state, string style) =>
        notifications.PublishUpdateAsync(sweep, s => s with { State = new ResourceStateSnapshot(state, style) });
}
