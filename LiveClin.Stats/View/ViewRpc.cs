using Grpc.Core;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Reading;
using LiveClin.Evaluator.V1;

namespace LiveClin.Stats.View;

/// <summary>
/// The evaluator's contract, answered from a store that is only read. What another process writes to it is looked for every second.
/// </summary>
internal sealed class ViewRpc(RequestedFiles files, TimeProvider time, IHostApplicationLifetime lifetime)
    : StoreRpc(files, time, lifetime.ApplicationStopping)
{
    public override async Task WatchRun(WatchRunRequest request, IServerStreamWriter<WatchRunResponse> responseStream,
        ServerCallContext context)
    {
        using var stop = LinkToStop(context);
        await WatchOthersAsync(Files.RequireRun(request.RunId).Id, responseStream, stop.Token);
    }

    protected override Run Describe(RunInfo run, IReadOnlyDictionary<string, string> labels)
    {
        var tally = Store.Tally(run);
        return run.ToMessage(labels.GetValueOrDefault(run.Specification.Identity, run.Specification.Model), tally, tally.ToMessage(),
            Store.IsWorkedOn(run));
    }

    protected override IComingAnswers Follow(IReadOnlyList<string> runIds) => new ComingAnswers(Store, runIds, Time);
}
