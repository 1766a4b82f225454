using Grpc.Core;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Reading;

internal abstract partial class StoreRpc
{
    public override Task<V1.ListRunCasesResponse> ListRunCases(V1.ListRunCasesRequest request, ServerCallContext context)
    {
        var run = Files.RequireRun(request.RunId);
        return Task.FromResult(new V1.ListRunCasesResponse { Cases = { Store.CasesOf(run).Select(ToMessage) } });
    }

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
