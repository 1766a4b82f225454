using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;

namespace LiveClin.Evaluator.Models;

/// <summary>
/// Composes the chat pipeline. From the outside in:
/// retries (so that every attempt is a span of its own) → telemetry → evaluation event (inside the chat span) → the published request.
/// </summary>
internal sealed class ModelClientFactory(ILoggerFactory loggers, TimeProvider time) : IDisposable
{
    /// <summary>Source and meter of the model-call telemetry.</summary>
    public const string TelemetrySource = "LiveClin.Evaluator.Models";

    // Servers without keys still get a header: the SDK insists on a credential.
    private const string NoKey = "none";

    private readonly HttpClient _direct = CreateHttpClient(useProxy: false);
    private readonly HttpClient _proxied = CreateHttpClient(useProxy: true);

    /// <summary>A client whose requests carry exactly these parameters.</summary>
    public IChatClient Create(ModelEndpoint endpoint, string parametersJson, TimeSpan timeout, RetryPolicy retries)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = endpoint.BaseUrl,
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            Transport = new HttpClientPipelineTransport(HttpFor(endpoint.BaseUrl)),
        };
        var sdk = new ChatClient(endpoint.ApiId, new ApiKeyCredential(string.IsNullOrEmpty(endpoint.ApiKey) ? NoKey : endpoint.ApiKey), options);
        return new ChatClientBuilder(new WireChatClient(sdk, new RequestBody(endpoint.ApiId, parametersJson), timeout, endpoint.ApiKey))
            .Use(inner => new RetryingChatClient(inner, retries, time))
            .UseOpenTelemetry(loggers, TelemetrySource)
            .Use(inner => new EvaluationEventChatClient(inner, loggers.CreateLogger<EvaluationEventChatClient>()))
            .Build();
    }

    /// <summary>The HTTP client for an address: loopback never goes through a proxy, whatever the environment says.</summary>
    public HttpClient HttpFor(Uri address) => address.IsLoopback ? _direct : _proxied;

    public void Dispose()
    {
        _direct.Dispose();
        _proxied.Dispose();
    }

    private static HttpClient CreateHttpClient(bool useProxy) => new(new SocketsHttpHandler
    {
        UseProxy = useProxy,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
        AutomaticDecompression = DecompressionMethods.All,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
