using Grpc.Core;

namespace LiveClin.Evaluator.Reading;

internal abstract partial class StoreRpc
{
    /// <summary>Time between two looks at a store for what other processes write to it.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>Streams a run that other processes work on, by looking at the store again and again.</summary>
    protected async Task WatchOthersAsync(string runId, IServerStreamWriter<V1.WatchRunResponse> stream, CancellationToken stop)
    {
        var labels = Labels();
        var presence = new RunPresence(Store, Time);
        var run = Files.RequireRun(runId);
        var active = presence.IsWorkedOn(run);
        var shown = Describe(run, labels);
        await stream.WriteAsync(new V1.WatchRunResponse { Snapshot = shown }, stop);
        while (active)
        {
            await Task.Delay(LookInterval, Time, stop);
            run = await Store.ReadPatientlyAsync(() => Files.RequireRun(runId), Time, stop);
            active = await Store.ReadPatientlyAsync(() => presence.IsWorkedOn(run), Time, stop);
            var now = await Store.ReadPatientlyAsync(() => Describe(run, labels), Time, stop);
            if (active && !now.Progress.Equals(shown.Progress))
                await stream.WriteAsync(new V1.WatchRunResponse { Progress = now.Progress }, stop);
            if (!active) await stream.WriteAsync(new V1.WatchRunResponse { Ended = now }, stop);
            shown = now;
        }
    }
}
