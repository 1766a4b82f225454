using Grpc.Core;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Service;

internal sealed partial class EvaluatorRpc
{
    public override Task<V1.ResolveConditionsResponse> ResolveConditions(V1.ResolveConditionsRequest request, ServerCallContext context)
    {
        try
        {
            var conditions = Condition.ParseList(request.Names).OrderBy(condition => condition.CacheOrder);
            return Task.FromResult(new V1.ResolveConditionsResponse { Names = { conditions.Select(condition => condition.Name) } });
        }
        catch (FormatException error)
        {
            throw RpcErrors.Invalid("names", error.Message);
        }
    }

    public override Task<V1.ListRunCasesResponse> ListRunCases(V1.ListRunCasesRequest request, ServerCallContext context)
    {
        var run = files.RequireRun(request.RunId);
        return Task.FromResult(new V1.ListRunCasesResponse { Cases = { store.CasesOf(run).Select(ToMessage) } });
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
