using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;

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

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context);
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
            default:
                if (RpcErrors.Explain(error) is { } explained)
                {
                    LogRefused(context.Method, error.Message);
                    return explained;
                }

                LogFailed(error, context.Method);
                return RpcErrors.Internal();
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

    [LoggerMessage(1, LogLevel.Error, "{Method} failed.", EventName = "CallFailed")]
    private partial void LogFailed(Exception error, string method);

    [LoggerMessage(2, LogLevel.Information, "{Method} was refused: {Reason}", EventName = "CallRefused")]
    private partial void LogRefused(string method, string reason);
}
