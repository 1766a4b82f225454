using Grpc.Core;
using LiveClin.Core.Conditions;
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
}
