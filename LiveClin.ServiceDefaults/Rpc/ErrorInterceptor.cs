using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveClin.ServiceDefaults.Rpc;

/// <summary>The one place where exceptions become gRPC errors.</summary>
internal sealed partial class ErrorInterceptor(ServiceErrors errors, IHostApplicationLifetime lifetime, ILogger<ErrorInterceptor> logger)
    : Interceptor
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
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
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

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception error) when (MalformedCalls.IsUnreadable(error))
        {
            var malformed = MalformedCalls.OfStream(context);
            LogRefused(context.Method, malformed.Status.Detail);
            throw malformed;
        }
        catch (Exception error)
        {
            throw Translate(error, context);
        }
    }

    private RpcException Translate(Exception error, ServerCallContext context)
    {
        MalformedCalls.SetLogged(context);
        if (Ended(error, context) is { } ended) return ended;
        if (errors.Translate(error) is not { } known)
        {
            LogFailed(error, context.Method);
            return RpcErrors.Because(Code.Internal, "INTERNAL", $"{errors.Service} failed; its log says why.");
        }

        if (known.StatusCode == StatusCode.Unavailable) LogUnavailable(error, context.Method);
        else LogRefused(context.Method, known.Status.Detail);
        return known;
    }

    // An end that was asked for is not an error; the client learns who asked for it.
    private RpcException? Ended(Exception error, ServerCallContext context)
    {
        // Calls to another service end in their own way when this one gives up.
        var hasEnded = error is OperationCanceledException || (error is RpcException && context.CancellationToken.IsCancellationRequested);
        if (lifetime.ApplicationStopping.IsCancellationRequested
            && (hasEnded || error is RpcException { StatusCode: StatusCode.Unavailable or StatusCode.Cancelled }))
            return RpcErrors.Because(Code.Unavailable, "STOPPING", $"{errors.Service} is stopping. Call again when it is back.");
        if (!hasEnded) return null;
        return context.Deadline <= DateTime.UtcNow
            ? new RpcException(new Grpc.Core.Status(StatusCode.DeadlineExceeded, "The deadline has passed."))
            : new RpcException(new Grpc.Core.Status(StatusCode.Cancelled, "The call was cancelled."));
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} failed.", EventName = "CallFailed")]
    private partial void LogFailed(Exception error, string method);

    [LoggerMessage(2, LogLevel.Information, "{Method} was refused: {Reason}", EventName = "CallRefused")]
    private partial void LogRefused(string method, string reason);

    [LoggerMessage(3, LogLevel.Warning, "{Method}: what it needs cannot be reached.", EventName = "CallUnavailable")]
    private partial void LogUnavailable(Exception error, string method);
}
