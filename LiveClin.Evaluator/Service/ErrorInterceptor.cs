using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using LiveClin.Core.Formats;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Runs;

namespace LiveClin.Evaluator.Service;

/// <summary>The one place where exceptions become gRPC errors.</summary>
internal sealed partial class ErrorInterceptor(IHostApplicationLifetime lifetime, ILogger<ErrorInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Translate(error, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Translate(error, context);
        }
    }

    private RpcException Translate(Exception error, ServerCallContext context)
    {
        switch (error)
        {
            case OperationCanceledException:
                return Cancelled(context);
            case StoreException store:
                LogRefused(store, context.Method, store.Message);
                return RpcErrors.Because(CodeOf(store.Problem), "STORE_" + store.Problem.ToString().ToUpperInvariant(), store.Message);
            case ReleaseNotFoundException:
                return RpcErrors.Because(Code.NotFound, "RELEASE_NOT_FOUND", error.Message);
            case ReleaseException:
                return RpcErrors.Because(Code.FailedPrecondition, "RELEASE_INVALID", error.Message);
            case RunRefusedException:
                return RpcErrors.Because(Code.FailedPrecondition, "RUN_REFUSED", error.Message);
            case ResultFileException:
                return RpcErrors.Because(Code.FailedPrecondition, "EXPORT_REFUSED", error.Message);
            default:
                LogFailed(error, context.Method);
                return RpcErrors.Because(Code.Internal, "INTERNAL", "The evaluator failed; its log says why.");
        }
    }

    // A cancellation is not an error; the client learns whose it was.
    private RpcException Cancelled(ServerCallContext context)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return RpcErrors.Because(Code.Unavailable, "STOPPING", "The evaluator is stopping. Call again when it is back.");
        return context.Deadline <= DateTime.UtcNow
            ? new RpcException(new Grpc.Core.Status(StatusCode.DeadlineExceeded, "The deadline has passed."))
            : new RpcException(new Grpc.Core.Status(StatusCode.Cancelled, "The call was cancelled."));
    }

    private static Code CodeOf(StoreProblem problem) => problem switch
    {
        StoreProblem.Locked => Code.Unavailable,
        StoreProblem.Full => Code.ResourceExhausted,
        StoreProblem.Damaged => Code.DataLoss,
        _ => Code.FailedPrecondition,
    };

    [LoggerMessage(1, LogLevel.Error, "{Method} failed.", EventName = "CallFailed")]
    private partial void LogFailed(Exception error, string method);

    [LoggerMessage(2, LogLevel.Warning, "{Method}: {Reason}", EventName = "CallRefused")]
    private partial void LogRefused(Exception error, string method, string reason);
}
