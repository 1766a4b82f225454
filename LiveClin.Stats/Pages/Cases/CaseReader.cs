using Grpc.Core;
using LiveClin.Evaluator.V1;

namespace LiveClin.Stats.Pages.Cases;

/// <summary>Reads whole cases and replies from the evaluator; nothing of them is kept.</summary>
internal sealed class CaseReader(EvaluatorService.EvaluatorServiceClient evaluator)
{
    /// <summary>A case with everything in it, from the release that a run was made on.</summary>
    /// <exception cref="RpcException">The evaluator cannot be reached, or has no such run or case.</exception>
    public async Task<CaseDetail> ReadCaseAsync(string runId, int ordinal, CancellationToken cancellationToken)
    {
        // By hash, because another release may have the same name by now.
        var run = await evaluator.GetRunAsync(new GetRunRequest { RunId = runId }, cancellationToken: cancellationToken);
        var id = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"ordinal:{ordinal}");
        return (await evaluator.GetCaseAsync(new GetCaseRequest { Release = run.Run.ReleaseSha256, CaseId = id },
            cancellationToken: cancellationToken)).Case;
    }

    /// <summary>A case as a run asks it.</summary>
    /// <exception cref="RpcException">The evaluator cannot be reached, or the run does not ask the case.</exception>
    public async Task<AskedCase> ReadAskedAsync(string runId, int ordinal, CancellationToken cancellationToken) =>
        (await evaluator.GetAskedCaseAsync(new GetAskedCaseRequest { RunId = runId, CaseOrdinal = ordinal },
            cancellationToken: cancellationToken)).Case;

    /// <summary>The answers of runs to the questions of one case, texts included.</summary>
    /// <exception cref="RpcException">The evaluator cannot be reached, or has no such run.</exception>
    public async Task<IReadOnlyList<Answer>> ReadAnswersAsync(IEnumerable<string> runIds, int caseOrdinal,
        CancellationToken cancellationToken)
    {
        var request = new StreamAnswersRequest { RunIds = { runIds }, CaseOrdinals = { caseOrdinal } };
        if (request.RunIds.Count == 0) return [];
        var answers = new List<Answer>();
        using var call = evaluator.StreamAnswers(request, cancellationToken: cancellationToken);
        await foreach (var batch in call.ResponseStream.ReadAllAsync(cancellationToken))
            answers.AddRange(batch.Answers.Where(a => a.CaseOrdinal == caseOrdinal));
        return answers;
    }
}
