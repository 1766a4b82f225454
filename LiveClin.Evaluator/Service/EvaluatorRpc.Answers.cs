using Grpc.Core;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Service;

internal sealed partial class EvaluatorRpc
{
    public override async Task StreamAnswers(V1.StreamAnswersRequest request, IServerStreamWriter<V1.StreamAnswersResponse> responseStream, ServerCallContext context)
    {
        if (request.RunIds.Count == 0) throw RpcErrors.Invalid("run_ids", "must name at least one run.");
        using var stop = LinkToStop(context);
        var wanted = request.RunIds.Select((id, index) => files.RequireRun(id, $"run_ids[{index}]")).DistinctBy(run => run.Id).ToList();
        await using var followed = new FollowedRuns(request.Follow ? wanted.Select(run => (run.Id, runs.FeedOf(run.Id))) : []);
        var batches = new AnswerBatches(responseStream, withTexts: !request.OmitTexts);
        var cases = request.CaseOrdinals.ToHashSet();
        var since = request.CompletedSince?.ToDateTimeOffset() ?? DateTimeOffset.MinValue;
        foreach (var run in wanted)
            foreach (var answer in Stored(run.Id, cases, since))
                await batches.AddAsync(run.Id, answer, stop.Token);
        await batches.FlushAsync(caughtUp: true, stop.Token);

        await foreach (var (runId, answer) in followed.ReadAllAsync(stop.Token))
        {
            if (cases.Count == 0 || cases.Contains(answer.CaseOrdinal)) await batches.AddAsync(runId, answer, stop.Token);
            if (!followed.HasMore) await batches.FlushAsync(caughtUp: false, stop.Token);
        }

        // Questions that were skipped after a failure were not announced one by one.
        foreach (var runId in followed.RunIds)
            foreach (var answer in Stored(runId, cases, DateTimeOffset.MinValue).Where(answer => answer.Reply is null))
                await batches.AddAsync(runId, answer, stop.Token);
        await batches.FlushAsync(caughtUp: false, stop.Token);
    }

    private IEnumerable<Answer> Stored(string runId, HashSet<int> cases, DateTimeOffset since) =>
        cases.Count == 0 ? store.GetAnswers(runId, since) : cases.SelectMany(ordinal => store.GetAnswers(runId, ordinal)).Where(answer => answer.CompletedAt >= since);
}
