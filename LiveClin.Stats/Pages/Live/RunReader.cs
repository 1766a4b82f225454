using Grpc.Core;
using LiveClin.Core.Failures;
using LiveClin.Evaluator.V1;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Pages.Live;

/// <summary>Runs as the evaluator has them, and what happens in them.</summary>
internal sealed class RunReader(EvaluatorService.EvaluatorServiceClient evaluator, EvaluatorSource source)
{
    private const int Newest = 12;

    /// <summary>The runs that go on, then the newest of the others.</summary>
    public async Task<IReadOnlyList<Run>> ListNewestAsync(CancellationToken cancellationToken)
    {
        var running = evaluator.ListRunsAsync(new ListRunsRequest { PageSize = 100, Status = RunStatus.Running },
            cancellationToken: cancellationToken);
        var newest = await evaluator.ListRunsAsync(new ListRunsRequest { PageSize = Newest }, cancellationToken: cancellationToken);
        var active = (await running).Runs.Where(r => r.Active).ToList();
        return [.. active, .. newest.Runs.Where(r => !r.Active && active.All(a => a.Id != r.Id)).Take(Math.Max(0, Newest - active.Count))];
    }

    /// <summary>All runs, newest first.</summary>
    public Task<RunList> ListAllAsync(CancellationToken cancellationToken) => source.ListRunsAsync(cancellationToken);

    /// <summary>A run by its identifier; null when there is none.</summary>
    public async Task<Run?> FindAsync(string runId, CancellationToken cancellationToken)
    {
        try
        {
            return (await evaluator.GetRunAsync(new GetRunRequest { RunId = runId }, cancellationToken: cancellationToken)).Run;
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Why questions of a run have no reply.</summary>
    public async Task<FailureSummary> ReadFailuresAsync(string runId, CancellationToken cancellationToken)
    {
        var failed = new List<FailedQuestion>();
        using var call = evaluator.StreamAnswers(new StreamAnswersRequest { RunIds = { runId }, OmitTexts = true },
            cancellationToken: cancellationToken);
        await foreach (var batch in call.ResponseStream.ReadAllAsync(cancellationToken))
            failed.AddRange(batch.Answers.Where(answer => answer is { HasReply: false, HasErrorKind: true }).Select(answer =>
                new FailedQuestion(Math.Max(1, answer.Epoch), answer.CaseOrdinal, answer.QuestionIndex, answer.ErrorKind,
                    answer.ErrorMessage)));
        return FailureSummary.Of(failed);
    }

    /// <summary>How a run goes, until it ends.</summary>
    public async IAsyncEnumerable<WatchRunResponse> WatchAsync(string runId,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = evaluator.WatchRun(new WatchRunRequest { RunId = runId }, cancellationToken: cancellationToken);
        await foreach (var change in call.ResponseStream.ReadAllAsync(cancellationToken)) yield return change;
    }

    /// <summary>The answers of a run without their texts: those stored, then those to come until it ends.</summary>
    public async IAsyncEnumerable<StreamAnswersResponse> FollowAsync(string runId,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = evaluator.StreamAnswers(new StreamAnswersRequest { RunIds = { runId }, Follow = true, OmitTexts = true },
            cancellationToken: cancellationToken);
        await foreach (var batch in call.ResponseStream.ReadAllAsync(cancellationToken)) yield return batch;
    }
}
