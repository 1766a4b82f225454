using Google.Rpc;
using Grpc.Core;
using LiveClin.ServiceDefaults.Rpc;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Service;

/// <summary>The statistics' own exceptions, and the evaluator's, as errors of the contract.</summary>
internal static class StatsErrors
{
    /// <summary>The error that an expected exception means; null for an unexpected one.</summary>
    public static RpcException? Explain(Exception error) => error switch
    {
        RequestException request => RpcErrors.Invalid(
            request.IsMissing ? Code.NotFound : Code.InvalidArgument, request.Message, [new FieldProblem(request.Field, request.Message)]),
        RpcException store when RpcErrors.ReasonOf(store) == RpcErrors.StoreUnreachable => RpcErrors.Because(
            Code.Unavailable, RpcErrors.StoreUnreachable, store.Status.Detail),
        // The evaluator's own errors go through; where there is none, it was not there to give one.
        RpcException { StatusCode: StatusCode.Unavailable or StatusCode.Internal } => RpcErrors.Because(
            Code.Unavailable, "EVALUATOR_UNREACHABLE",
            "The evaluator cannot be reached. Is it running, and is LiveClin:Evaluator its gRPC address?"),
        // Its words would speak of this service's token, which the caller has shown.
        RpcException { StatusCode: StatusCode.Unauthenticated } => RpcErrors.Because(
            Code.Unavailable, "EVALUATOR_REFUSES", EvaluatorSource.TokenRefused),
        RpcException { StatusCode: StatusCode.DeadlineExceeded } => RpcErrors.Because(
            Code.Unavailable, "EVALUATOR_SILENT",
            "The evaluator is there, but has not answered in time. Its log may say why; call again later."),
        _ => null,
    };
}
