using Grpc.Net.Client;
using LiveClin.Evaluator.Service;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>The whole service on free loopback ports, with a store of its own.</summary>
public sealed class RunningEvaluator : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private RunningEvaluator(WebApplication app)
    {
        _app = app;
        // Kestrel lists its endpoints in the order of their names.
        var (grpc, http) = (_app.Urls.First(), _app.Urls.Last());
        _channel = GrpcChannel.ForAddress(grpc, new GrpcChannelOptions { HttpHandler = new BearerHandler(Token) });
        Http = new HttpClient(new BearerHandler(Token)) { BaseAddress = new Uri(http) };
        Client = new EvaluatorService.EvaluatorServiceClient(_channel);
    }

    /// <summary>The token that the service asks for.</summary>
    public const string Token = "a-token-for-tests-only";

    /// <summary>A client on the gRPC endpoint.</summary>
    public EvaluatorService.EvaluatorServiceClient Client { get; }

    /// <summary>The channel to the gRPC endpoint, for other services on it.</summary>
    public GrpcChannel Channel => _channel;

    /// <summary>A client on the HTTP/1.1 endpoint.</summary>
    public HttpClient Http { get; }

    /// <summary>The service's own services.</summary>
    public IServiceProvider Services => _app.Services;

    public static async Task<RunningEvaluator> StartAsync(string store, Action<Dictionary<string, string?>>? configure = null)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:http:Url"] = "http://127.0.0.1:0",
            ["LiveClin:Store"] = store,
            ["LiveClin:Access:Token"] = Token,
            ["LiveClin:DataFolders:0"] = Path.GetTempPath(),
            ["LiveClin:DataFolders:1"] = SharedData.RepositoryRoot,
            ["Logging:LogLevel:Default"] = "Warning",
        };
        configure?.Invoke(settings);
        var app = EvaluatorApplication.Build(settings);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RunningEvaluator(app);
    }

    /// <summary>Begins to stop the service, as SIGTERM does.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _channel.Dispose();
        await _app.DisposeAsync();
    }
}
