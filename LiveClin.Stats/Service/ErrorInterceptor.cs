using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace LiveClin.Stats.Service;

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
        catch (Exception error)
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
        catch (Exception error)
        {
            throw Translate(error, context);
        }
    }

    private RpcException Translate(Exception error, ServerCallContext context)
    {
        // A cancellation is not an error; the client learns whose it was.
        if (lifetime.ApplicationStopping.IsCancellationRequested) return RpcErrors.Because(Code.Unavailable, "STOPPING", "The statistics service is stopping. Call again when it is back.");
        if (context.CancellationToken.IsCancellationRequested)
        {
            return context.Deadline <= DateTime.UtcNow
                ? new RpcException(new Grpc.Core.Status(StatusCode.DeadlineExceeded, "The deadline has passed."))
                : new RpcException(new Grpc.Core.Status(StatusCode.Cancelled, "The call was cancelled."));
        }

        if (error is RpcException { StatusCode: StatusCode.Unavailable or StatusCode.Internal }) LogUnreachable(error, context.Method);
        if (RpcErrors.Explain(error) is { } known) return known;
        LogFailed(error, context.Method);
        return RpcErrors.Because(Code.Internal, "INTERNAL", "The statistics service failed; its log says why.");
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} failed.", EventName = "CallFailed")]
    private partial void LogFailed(Exception error, string method);

    [LoggerMessage(2, LogLevel.Warning, "{Method}: the evaluator did not answer.", EventName = "EvaluatorUnreachable")]
    private partial void LogUnreachable(Exception error, string method);
}
