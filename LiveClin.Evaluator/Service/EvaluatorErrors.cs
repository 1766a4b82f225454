using Google.Rpc;
using Grpc.Core;
using LiveClin.Core.Formats;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Imports;
using LiveClin.Evaluator.Runs;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Service;

/// <summary>The evaluator's own exceptions as errors of its contract.</summary>
internal static class EvaluatorErrors
{
    /// <summary>What goes wrong for reasons that the caller can do something about; null for everything else.</summary>
    public static RpcException? Explain(Exception error) => error switch
    {
        StoreException store =>
            RpcErrors.Because(CodeOf(store.Problem), "STORE_" + store.Problem.ToString().ToUpperInvariant(), store.Message),
        ReleaseNotFoundException => RpcErrors.Because(Code.NotFound, "RELEASE_NOT_FOUND", error.Message),
        ReleaseException => RpcErrors.Because(Code.FailedPrecondition, "RELEASE_INVALID", error.Message),
        RunRefusedException => RpcErrors.Because(Code.FailedPrecondition, "RUN_REFUSED", error.Message),
        UploadException => RpcErrors.Because(Code.InvalidArgument, "RESULTS_INVALID", error.Message),
        ResultFileException => RpcErrors.Because(Code.FailedPrecondition, "EXPORT_REFUSED", error.Message),
        _ => null,
    };

    private static Code CodeOf(StoreProblem problem) => problem switch
    {
        StoreProblem.Locked or StoreProblem.Unreachable or StoreProblem.Refused => Code.Unavailable,
        StoreProblem.Full => Code.ResourceExhausted,
        StoreProblem.Damaged => Code.DataLoss,
        _ => Code.FailedPrecondition,
    };
}
