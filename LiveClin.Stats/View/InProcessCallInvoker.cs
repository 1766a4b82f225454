using System.Threading.Channels;
using Grpc.Core;

namespace LiveClin.Stats.View;

/// <summary>Calls a service of this process through its contract, without a port in between.</summary>
internal sealed class InProcessCallInvoker : CallInvoker
{
    // A page that reads slowly holds back the reading of the store.
    private const int MostWaiting = 4;
    private readonly Handlers _handlers = new();
    private readonly Func<Exception, RpcException> _explain;

    /// <param name="bind">Binds the service's methods.</param>
    /// <param name="explain">The error of the contract that an exception means.</param>
    public InProcessCallInvoker(Action<ServiceBinderBase> bind, Func<Exception, RpcException> explain)
    {
        bind(_handlers);
        _explain = explain;
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest,
        TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var handler = _handlers.Find<UnaryServerMethod<TRequest, TResponse>>(method.FullName);
        var response = CallAsync(() => handler(request, new InProcessCallContext(method.FullName, options)));
        return new AsyncUnaryCall<TResponse>(response, NoHeaders, () => Status.DefaultSuccess, () => [], () => { });
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var handler = _handlers.Find<ServerStreamingServerMethod<TRequest, TResponse>>(method.FullName);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        var responses = Channel.CreateBounded<TResponse>(new BoundedChannelOptions(MostWaiting) { SingleReader = true,
            SingleWriter = true });
        var context = new InProcessCallContext(method.FullName, options.WithCancellationToken(stop.Token));
        _ = Task.Run(async () =>
        {
            try
            {
                await handler(request, new ResponseWriter<TResponse>(responses.Writer, stop.Token), context);
                responses.Writer.Complete();
            }
            catch (Exception error)
            {
                responses.Writer.Complete(Translate(error, stop.Token));
            }
        }, CancellationToken.None);
        return new AsyncServerStreamingCall<TResponse>(
            new ResponseReader<TResponse>(responses.Reader), NoHeaders, () => Status.DefaultSuccess, () => [], stop.Cancel);
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host,
        CallOptions options, TRequest request) =>
        AsyncUnaryCall(method, host, options, request).ResponseAsync.GetAwaiter().GetResult();

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw ReadOnly();

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw ReadOnly();

    private static Task<Metadata> NoHeaders { get; } = Task.FromResult(new Metadata());

    // What no store can answer would write, or ask a model.
    private static RpcException ReadOnly() => new(new Status(StatusCode.FailedPrecondition,
        "These pages are read-only. Start the evaluator to change something."));

    private async Task<TResponse> CallAsync<TResponse>(Func<Task<TResponse>> call)
    {
        try
        {
            return await Task.Run(call);
        }
        catch (Exception error)
        {
            throw Translate(error, CancellationToken.None);
        }
    }

    private RpcException Translate(Exception error, CancellationToken stop) => error switch
    {
        RpcException { StatusCode: StatusCode.Unimplemented } => ReadOnly(),
        RpcException known => known,
        OperationCanceledException when stop.IsCancellationRequested => new RpcException(Status.DefaultCancelled),
        _ => _explain(error),
    };

    private sealed class Handlers : ServiceBinderBase
    {
        private readonly Dictionary<string, Delegate> _byName = new(StringComparer.Ordinal);

        public T Find<T>(string method) where T : Delegate => _byName.GetValueOrDefault(method) as T ?? throw ReadOnly();

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest,
            TResponse>? handler) =>
            Add(method, handler);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest,
            TResponse>? handler) =>
            Add(method, handler);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest,
            TResponse>? handler)
        {
            // Uploads write.
        }

        private void Add(IMethod method, Delegate? handler)
        {
            if (handler is not null) _byName[method.FullName] = handler;
        }
    }

    private sealed class ResponseWriter<T>(ChannelWriter<T> writer, CancellationToken stop) : IServerStreamWriter<T>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(T message) => writer.WriteAsync(message, stop).AsTask();

        public Task WriteAsync(T message, CancellationToken cancellationToken) => writer.WriteAsync(message, cancellationToken).AsTask();
    }

    private sealed class ResponseReader<T>(ChannelReader<T> reader) : IAsyncStreamReader<T>
    {
        private T? _current;

        public T Current => _current!;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            try
            {
                while (await reader.WaitToReadAsync(cancellationToken))
                    if (reader.TryRead(out _current)) return true;
                return false;
            }
            catch (ChannelClosedException error) when (error.InnerException is RpcException rpc)
            {
                throw rpc;
            }
        }
    }
}
