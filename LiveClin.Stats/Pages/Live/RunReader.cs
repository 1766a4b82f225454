using Grpc.Core;
using LiveClin.Evaluator.V1;

namespace LiveClin.Stats.Pages.Live;

/// <summary>Runs as the evaluator has them, and what happens in them.</summary>
internal sealed class RunReader(EvaluatorService.EvaluatorServiceClient evaluator)
{
    /// <summary>The newest runs, newest first.</summary>
    public async Task<IReadOnlyList<Run>> ListAsync(CancellationToken cancellationToken) =>
        (await evaluator.ListRunsAsync(new ListRunsRequest { PageSize = 200 }, cancellationToken: cancellationToken)).Runs;

    /// <summary>How a run goes, until it ends.</summary>
    public async IAsyncEnumerable<WatchRunResponse> WatchAsync(string runId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = evaluator.WatchRun(new WatchRunRequest { RunId = runId }, cancellationToken: cancellationToken);
        await foreach (var change in call.ResponseStream.ReadAllAsync(cancellationToken)) yield return change;
    }

    /// <summary>The answers of a run without their texts: those stored, then those to come until it ends.</summary>
    public async IAsyncEnumerable<StreamAnswersResponse> FollowAsync(string runId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = evaluator.StreamAnswers(new StreamAnswersRequest { RunIds = { runId }, Follow = true, OmitTexts = true }, cancellationToken: cancellationToken);
        await foreach (var batch in call.ResponseStream.ReadAllAsync(cancellationToken)) yield return batch;
    }
}
