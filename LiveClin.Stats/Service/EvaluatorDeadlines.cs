using Grpc.Core;
using Grpc.Core.Interceptors;
using LiveClin.Evaluator.V1;

namespace LiveClin.Stats.Service;

/// <summary>
/// Gives up on an evaluator that says nothing: a call has to be answered, and a stream to go on, within a time. Only what follows a run
/// may be silent; there the connection's own pings find an evaluator that hangs.
/// </summary>
internal sealed class EvaluatorDeadlines(TimeSpan patience) : Interceptor
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, new ClientInterceptorContext<TRequest, TResponse>(
            context.Method, context.Host, context.Options.Deadline is null
                ? context.Options.WithDeadline(DateTime.UtcNow + patience) : context.Options));

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, context);
        if (request is WatchRunRequest or StreamAnswersRequest { Follow: true }) return call;
        return new AsyncServerStreamingCall<TResponse>(
            new PatientReader<TResponse>(call, patience), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    private sealed class PatientReader<T>(AsyncServerStreamingCall<T> call, TimeSpan patience) : IAsyncStreamReader<T>
    {
        public T Current => call.ResponseStream.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            try
            {
                return await call.ResponseStream.MoveNext(cancellationToken).WaitAsync(patience, cancellationToken);
            }
            catch (TimeoutException)
            {
                call.Dispose();
                throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"Nothing has come for {patience}."));
            }
        }
    }
}
