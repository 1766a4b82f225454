using Grpc.Core;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Reading;

internal abstract partial class StoreRpc
{
    public override async Task StreamAnswers(V1.StreamAnswersRequest request, IServerStreamWriter<V1.StreamAnswersResponse> responseStream,
        ServerCallContext context)
    {
        if (request.RunIds.Count == 0) throw RpcErrors.Invalid("run_ids", "must name at least one run.");
        using var stop = LinkToStop(context);
        var wanted = request.RunIds.Select((id, index) => Files.RequireRun(id, $"run_ids[{index}]")).DistinctBy(run => run.Id).ToList();
        // Follows from now on: what is stored before is read afterwards, and nothing falls between.
        await using var coming = request.Follow ? Follow([.. wanted.Select(run => run.Id)]) : null;
        var batches = new AnswerBatches(responseStream, withTexts: !request.OmitTexts);
        var cases = request.CaseOrdinals.ToHashSet();
        var since = request.CompletedSince?.ToDateTimeOffset() ?? DateTimeOffset.MinValue;
        // What is stored between the two is found by both, and is sent once.
        var sent = new HashSet<(string RunId, AnswerKey Key)>();
        foreach (var run in wanted)
            foreach (var answer in Stored(run.Id, cases, since))
                await SendAsync(run.Id, answer);
        await batches.FlushAsync(caughtUp: true, stop.Token);
        if (coming is null) return;

        await foreach (var (runId, answer) in coming.ReadAllAsync(stop.Token))
        {
            if (cases.Count == 0 || cases.Contains(answer.CaseOrdinal)) await SendAsync(runId, answer);
            if (!coming.HasMore) await batches.FlushAsync(caughtUp: false, stop.Token);
        }

        // Questions that were skipped after a failure were not announced one by one.
        foreach (var runId in coming.RunIds)
            foreach (var answer in Stored(runId, cases, DateTimeOffset.MinValue).Where(answer => answer.Reply is null))
                await SendAsync(runId, answer);
        await batches.FlushAsync(caughtUp: false, stop.Token);

        async Task SendAsync(string runId, Answer answer)
        {
            if (coming is null || sent.Add((runId, AnswerKey.Of(answer)))) await batches.AddAsync(runId, answer, stop.Token);
        }
    }

    /// <summary>The coming answers of runs, from the call on.</summary>
    protected abstract IComingAnswers Follow(IReadOnlyList<string> runIds);

    private IEnumerable<Answer> Stored(string runId, HashSet<int> cases, DateTimeOffset since) =>
        cases.Count == 0
            ? Store.StreamAnswers(runId, since)
            : cases.SelectMany(ordinal => Store.GetAnswers(runId, ordinal)).Where(answer => answer.CompletedAt >= since);
}
