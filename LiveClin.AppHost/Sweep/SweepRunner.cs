using System.Collections.Concurrent;
using Grpc.Core;
using LiveClin.AppHost.Dashboard;
using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Services;
using LiveClin.AppHost.Settings;
using LiveClin.AppHost.Telemetry;
using LiveClin.Evaluator.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LiveClin.AppHost.Sweep;

/// <summary>The sweep: managed servers one after the other, everything that needs no GPU beside them.</summary>
internal sealed class SweepRunner(
    SweepResource sweep,
    IReadOnlyList<ModelRun> runs,
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
    IResource evaluatorService)
{
    private readonly SemaphoreSlim _managed = new(1, 1);
    private readonly SemaphoreSlim _others = new(1, 1);
    private CancellationTokenSource _stop = new();
    private bool _dataWrong;
    private IReadOnlyList<FloorScore> _floors = [];
    private string _releaseName = settings.ReleaseName ?? Path.GetFileNameWithoutExtension(settings.JsonlPath ?? "");

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
            if (await services.FindProblemAsync(evaluatorService.Name, cancellationToken) is { } ended) throw new DistributedApplicationException(ended);
            using var activity = telemetry.StartRoot($"sweep over {SweepText.Models(runs.Count)}")?.SetTag("liveclin.models", runs.Count);
            if (await CheckReleaseAsync(cancellationToken)) await EvaluateAsync(runs, again: false, cancellationToken);
            activity?.SetTag("liveclin.release", _releaseName);
            activity.End(runs.Count(r => r.State == ModelRunState.Failed) is > 0 and var failed ? $"{failed} of {runs.Count} models failed" : null);
        }
        catch (Exception e) when (e is DistributedApplicationException or RpcException)
        {
            var reason = e is RpcException rpc ? RunWatcher.Describe(rpc) : $"{e.Message} Its console has all of it; start it there, and run the models again.";
            SweepLog.SweepFailed(news.Sweep, SweepText.Safe(reason));
            _dataWrong = e is RpcException { StatusCode: StatusCode.NotFound or StatusCode.InvalidArgument or StatusCode.FailedPrecondition };
            foreach (var run in runs.Where(r => r.State == ModelRunState.Pending)) (run.State, run.Failure) = (ModelRunState.Failed, reason);
        }

        if (cancellationToken.IsCancellationRequested) return;
        await FinishAsync();
        if (settings.ExitWhenDone) lifetime.StopApplication();
    }

    /// <summary>Evaluates one model again from its first question.</summary>
    public async Task RunAgainAsync(ModelRun run)
    {
        using var activity = telemetry.StartRoot("run again");
        await EvaluateAsync([run], again: true, lifetime.ApplicationStopping);
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
            SweepLog.DataWrong(news.Sweep, SweepText.Safe($"{issue.File}{(issue.HasLine ? $":{issue.Line}" : "")}{(issue.Field.Length > 0 ? $" {issue.Field}" : "")}: {issue.Message}"));
        if (!checkedRelease.Valid)
        {
            _dataWrong = true;
            foreach (var run in runs) (run.State, run.Failure) = (ModelRunState.Failed, "the release is not usable; its errors are above.");
            return false;
        }

        _releaseName = checkedRelease.Release.Name;
        _floors = checkedRelease.Floors;
        foreach (var examinee in runs.Select(r => r.Server).OfType<BaselineModel>()) examinee.Settle(_floors[0].ApiId);
        SweepLog.Started(news.Sweep, SweepText.Models(runs.Count), _releaseName, checkedRelease.Release.CaseCount, checkedRelease.Release.QuestionCount);
        return true;
    }

    private async Task EvaluateAsync(IReadOnlyList<ModelRun> wanted, bool again, CancellationToken cancellationToken)
    {
        if (_stop.IsCancellationRequested) _stop = new CancellationTokenSource();
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        IsActive = true;
        try
        {
            await PublishCountAsync();
            // A model that waits for its key holds up no other.
            var lanes = wanted.GroupBy(r => (r.Model.IsManaged, Waits: r.Server.LacksKey ? r : null))
                .Select(lane => LaneAsync([.. lane], lane.Key.IsManaged ? _managed : _others, again, linked.Token));
            await Task.WhenAll(lanes);
        }
        finally
        {
            IsActive = false;
        }
    }

    private async Task LaneAsync(IReadOnlyList<ModelRun> lane, SemaphoreSlim turn, bool again, CancellationToken cancellationToken)
    {
        foreach (var run in lane)
        {
            await evaluation.WaitForKeyAsync(run, cancellationToken);
            await turn.WaitAsync(CancellationToken.None);
            try
            {
                await evaluation.RunAsync(run, again, cancellationToken);
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
        SweepReport.WriteJUnit(settings.ResultsFolder, _releaseName, runs);
        sweep.ExitCode = _dataWrong ? ExitCodes.Invalid : SweepReport.ExitCode(runs);
        var shown = runs.Where(r => r.State == ModelRunState.Completed && !r.Model.IsInFloorBlock).Select(r => r.Run!.Id).ToList();
        var summary = new SweepSummary(runs, _floors, _releaseName)
        {
            Seen = await stats.SummarizeAsync(shown, lifetime.ApplicationStopping),
            Leaderboard = settings.ExitWhenDone ? null : pages.Leaderboard,
            Store = settings.StoreFile,
        };
        foreach (var line in summary.Lines()) SweepLog.Line(news.Summary, line);
        await PublishAsync(KnownResourceStates.Finished, sweep.ExitCode == ExitCodes.Success ? KnownResourceStateStyles.Success : KnownResourceStateStyles.Warn);
    }

    private Task PublishCountAsync() => IsPaused
        ? Task.CompletedTask
        : PublishAsync($"{runs.Count(r => r.State is not (ModelRunState.Pending or ModelRunState.Active))} of {SweepText.Models(runs.Count)}", KnownResourceStateStyles.Info);

    private Task PublishAsync(string state, string style) =>
        notifications.PublishUpdateAsync(sweep, s => s with { State = new ResourceStateSnapshot(state, style) });
}
