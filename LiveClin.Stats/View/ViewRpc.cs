using Grpc.Core;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Reading;
using LiveClin.Evaluator.V1;

namespace LiveClin.Stats.View;

/// <summary>
/// The evaluator's contract, answered from a store that is only read. What another process writes to it is looked for every second.
/// </summary>
internal sealed class ViewRpc(RequestedFiles files, TimeProvider time, IHostApplicationLifetime lifetime)
    : StoreRpc(files, lifetime.ApplicationStopping)
{
    /// <summary>Time between two looks at the store.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public override async Task WatchRun(WatchRunRequest request, IServerStreamWriter<WatchRunResponse> responseStream,
        ServerCallContext context)
    {
        using var stop = LinkToStop(context);
        var id = Files.RequireRun(request.RunId).Id;
        var labels = Labels();
        var shown = Describe(Files.RequireRun(id), labels);
        await responseStream.WriteAsync(new WatchRunResponse { Snapshot = shown }, stop.Token);
        while (shown.Active)
        {
            await Task.Delay(Interval, time, stop.Token);
            var now = Describe(Files.RequireRun(id), labels);
            if (now.Active && !now.Progress.Equals(shown.Progress))
                await responseStream.WriteAsync(new WatchRunResponse { Progress = now.Progress }, stop.Token);
            if (!now.Active) await responseStream.WriteAsync(new WatchRunResponse { Ended = now }, stop.Token);
            shown = now;
        }
    }

    protected override Run Describe(RunInfo run, IReadOnlyDictionary<string, string> labels)
    {
        var tally = Store.Tally(run);
        return run.ToMessage(labels.GetValueOrDefault(run.Specification.Identity, run.Specification.Model), tally, tally.ToMessage(),
            IsActive(run));
    }

    protected override IComingAnswers Follow(IReadOnlyList<string> runIds) => new ComingAnswers(Store, runIds, IsActive, time);

    private bool IsActive(RunInfo run) => Store.IsWorkedOn(run);
}
