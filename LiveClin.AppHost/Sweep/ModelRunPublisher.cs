using System.Collections.Immutable;
using LiveClin.Evaluator.V1;
using Microsoft.Extensions.Logging;

namespace LiveClin.AppHost.Sweep;

/// <summary>Shows how far a model is: as its resource's state, in the resource's log, and on the console.</summary>
internal sealed class ModelRunPublisher(ResourceNotificationService notifications, ResourceLoggerService loggers, ILogger console, TimeProvider time)
{
    private static readonly TimeSpan StateInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ConsoleInterval = TimeSpan.FromSeconds(10);
    private readonly Dictionary<ModelRun, (DateTimeOffset State, DateTimeOffset Console)> _last = [];

    /// <summary>A step of the way.</summary>
    public async Task StateAsync(ModelRun run, string state)
    {
        SweepLog.ModelState(loggers.GetLogger(run.Resource), run.Model.Name, state);
        if (run.Server is not ModelServers.BaselineModel) SweepLog.ModelState(console, run.Model.Name, state);
        await PublishAsync(run, state, KnownResourceStateStyles.Info);
    }

    /// <summary>Progress; published twice a second at most, and said on the console every ten seconds.</summary>
    public async Task ProgressAsync(ModelRun run)
    {
        var now = time.GetUtcNow();
        (DateTimeOffset State, DateTimeOffset Console) last;
        lock (_last) last = _last.TryGetValue(run, out var known) ? known : (DateTimeOffset.MinValue, now);
        if (now - last.State < StateInterval) return;
        var text = SweepText.Progress(run.Progress);
        var speak = now - last.Console >= ConsoleInterval;
        if (speak) SweepLog.ModelState(console, run.Model.Name, text);
        lock (_last) _last[run] = (now, speak ? now : last.Console);
        await PublishAsync(run, text, KnownResourceStateStyles.Info);
    }

    /// <summary>The end.</summary>
    public async Task EndAsync(ModelRun run)
    {
        lock (_last) _last.Remove(run);
        if (run.Vision is { Passed: false } vision)
            SweepLog.VisionCheckFailed(console, run.Model.Name, SweepText.Safe(vision.HasError ? vision.Error : $"reply: {vision.Reply}"));
        var (state, style) = run.State switch
        {
            ModelRunState.Completed => (KnownResourceStates.Finished, run.Failures == 0 ? KnownResourceStateStyles.Success : KnownResourceStateStyles.Warn),
            ModelRunState.Stopped => ("Stopped", KnownResourceStateStyles.Warn),
            _ => (SweepText.FailedState(run.Failure), KnownResourceStateStyles.Error),
        };
        var said = run.Run is null ? run.Failure?.Reason ?? state : $"{SweepText.Scores(run)}{(run.Failure is null ? "" : $"  {run.Failure}")}";
        SweepLog.ModelState(loggers.GetLogger(run.Resource), run.Model.Name, SweepText.Safe(said));
        if (run.State == ModelRunState.Completed) SweepLog.ModelState(console, run.Model.Name, SweepText.Scores(run));
        await PublishAsync(run, state, style);
    }

    private Task PublishAsync(ModelRun run, string state, string style) => notifications.PublishUpdateAsync(run.Resource, s => s with
    {
        State = new ResourceStateSnapshot(state, style),
        StartTimeStamp = run.State == ModelRunState.Active ? s.StartTimeStamp ?? time.GetUtcNow().UtcDateTime : s.StartTimeStamp,
        StopTimeStamp = run.State is ModelRunState.Active or ModelRunState.Pending ? null : time.GetUtcNow().UtcDateTime,
        Properties = Properties(run),
    });

    private static ImmutableArray<ResourcePropertySnapshot> Properties(ModelRun run)
    {
        var properties = ImmutableArray.CreateBuilder<ResourcePropertySnapshot>();
        properties.Add(new(CustomResourceKnownProperties.Source, run.Model.Name));
        properties.Add(new("Server", run.Server.Name));
        if (run.Run is { } begun)
        {
            properties.Add(new("Run", begun.Id));
            properties.Add(new("Scores", SweepText.Scores(run)));
            if (run.Vision is { } vision) properties.Add(new("Vision check", vision.Passed ? "passed" : $"failed: {(vision.HasError ? vision.Error : vision.Reply)}"));
        }

        if (run.Failure is not { } failure) return properties.ToImmutable();
        properties.Add(new("Failure", failure.Reason));
        if (failure.LastLines.Count > 0) properties.Add(new("Last lines", string.Join('\n', failure.LastLines)));
        if (failure.LogFile is { } file) properties.Add(new("Log file", file));
        return properties.ToImmutable();
    }
}
