using System.Net;
using Microsoft.Extensions.AI;

namespace LiveClin.Evaluator.Models;

/// <summary>
/// Composes the chat pipeline. From the outside in:
/// retries (so that every attempt is a span of its own) → telemetry → evaluation event (inside the chat span) → the published request.
/// </summary>
/// <param name="loggers">Where the events go.</param>
/// <param name="time">The clock of the retries.</param>
/// <param name="proxy">The way out; null for the environment's.</param>
/// <param name="limits">How much of replies is read; null for the usual.</param>
/// <param name="connecting">Longest wait for a connection; null for the usual.</param>
internal sealed class ModelClientFactory(ILoggerFactory loggers, TimeProvider time, EnvironmentProxy? proxy = null,
    ReplyLimits? limits = null, TimeSpan? connecting = null) : IDisposable
{
    private static readonly TimeSpan Connecting = TimeSpan.FromSeconds(15);

    private readonly ReplyLimits _limits = limits ?? new ReplyLimits(ReplyLimits.DefaultBytes);
    /// <summary>Source and meter of the model-call telemetry.</summary>
    public const string TelemetrySource = "LiveClin.Evaluator.Models";

    private readonly EnvironmentProxy _proxy = proxy ?? EnvironmentProxy.OfProcess;
    private readonly Lazy<HttpClient> _direct = new(() => CreateHttpClient(null, connecting ?? Connecting));
    private readonly Lazy<HttpClient> _proxied =
        new(() => CreateHttpClient(proxy ?? EnvironmentProxy.OfProcess, connecting ?? Connecting));

    /// <summary>A client whose requests carry exactly these parameters, but for what the server refuses of them.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="parametersJson">The body's fields.</param>
    /// <param name="timeout">Longest wait for one reply.</param>
    /// <param name="retries">How failed calls are tried again.</param>
    /// <param name="conduct">What the clients of a run share; null for a call on its own.</param>
    public IChatClient Create(ModelEndpoint endpoint, string parametersJson, TimeSpan timeout, RetryPolicy retries,
        RunConduct? conduct = null)
    {
        conduct ??= new RunConduct(1, time);
        return new ChatClientBuilder(new WireChatClient(Connect(endpoint), endpoint, parametersJson, conduct, timeout))
            .Use(inner => new RetryingChatClient(inner, retries, conduct.Gate, time))
            .UseOpenTelemetry(loggers, TelemetrySource)
            .Use(inner => new EvaluationEventChatClient(inner, loggers.CreateLogger<EvaluationEventChatClient>()))
            .Build();
    }

    /// <summary>The way to a server. Loopback never goes through a proxy, whatever the environment says.</summary>
    public ModelConnection Connect(ModelEndpoint endpoint) =>
        new(endpoint, (endpoint.BaseUrl.IsLoopback ? _direct : _proxied).Value, _proxy.Shown(endpoint.BaseUrl), _limits);

    /// <summary>The way to a server's batch API. A line of its files may be as long as a reply, and has some words around it.</summary>
    public BatchApi ConnectBatches(ModelEndpoint endpoint) => new(Connect(endpoint), _limits.Each + 4096);

    public void Dispose()
    {
        foreach (var client in new[] { _direct, _proxied })
            if (client.IsValueCreated) client.Value.Dispose();
    }

    private static HttpClient CreateHttpClient(EnvironmentProxy? proxy, TimeSpan connecting) =>
        new(new SameHostRedirects(new TransportFailures(Handler(proxy, connecting), connecting))) { Timeout = Timeout.InfiniteTimeSpan };

    private static SocketsHttpHandler Handler(EnvironmentProxy? proxy, TimeSpan connecting) => new()
    {
        UseProxy = proxy is not null,
        Proxy = proxy,
        AllowAutoRedirect = false,
        ConnectTimeout = connecting,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
        AutomaticDecompression = DecompressionMethods.All,
    };
}
