using Grpc.Core;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Reading;

internal abstract partial class StoreRpc
{
    public override Task<V1.ListRunCasesResponse> ListRunCases(V1.ListRunCasesRequest request, ServerCallContext context)
    {
        var run = Files.RequireRun(request.RunId);
        return Task.FromResult(new V1.ListRunCasesResponse { Cases = { Store.CasesOf(run).Select(ToMessage) } });
    }

    public override async Task<V1.GetAskedCaseResponse> GetAskedCase(V1.GetAskedCaseRequest request, ServerCallContext context)
    {
        var run = Files.RequireRun(request.RunId);
        return new V1.GetAskedCaseResponse { Case = await Files.AskedCases.ReadAsync(run, request.CaseOrdinal, context.CancellationToken) };
    }

    public override Task<V1.GetOutcomesResponse> GetOutcomes(V1.GetOutcomesRequest request, ServerCallContext context)
    {
        var run = Files.RequireRun(request.RunId).Id;
        var outcomes = Store.GetOutcomes(run);
        return Task.FromResult(new V1.GetOutcomesResponse
        {
            CaseOrdinals = { outcomes.Select(outcome => outcome.CaseOrdinal) },
            QuestionIndices = { outcomes.Select(outcome => outcome.QuestionIndex) },
            Outcomes = { outcomes.Select(outcome => EnumByName<V1.Outcome>.Of(outcome.Outcome)) },
            Letters = string.Concat(outcomes.Select(outcome => outcome.Letter is [var letter] ? letter : '-')),
            Replied = { outcomes.Select(outcome => outcome.HasReply) },
            LaterEpochs = { request.WithLaterEpochs ? Store.GetLaterEpochs(run).GroupBy(outcome => outcome.Epoch).Select(ToMessage) : [] },
        });
    }

    private static V1.EpochOutcomes ToMessage(IGrouping<int, EpochOutcome> epoch) => new()
    {
        Epoch = epoch.Key,
        CaseOrdinals = { epoch.Select(outcome => outcome.CaseOrdinal) },
        QuestionIndices = { epoch.Select(outcome => outcome.QuestionIndex) },
        Outcomes = { epoch.Select(outcome => EnumByName<V1.Outcome>.Of(outcome.Outcome)) },
    };

    private static V1.RunCase ToMessage(RunCase asked) => new()
    {
        CaseOrdinal = asked.Ordinal,
        Hash = asked.Hash,
        Questions =
        {
            asked.Questions.Select(question => new V1.RunQuestion
            {
                Changed = question.IsChanged,
                PublishedLetters = { question.Letters.IsIdentity ? [] : question.Letters.Published },
            }),
        },
    };
}
