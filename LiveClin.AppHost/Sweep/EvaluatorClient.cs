using Grpc.Core;
using Grpc.Net.Client;
using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Services;
using LiveClin.AppHost.Settings;
using LiveClin.AppHost.Telemetry;
using LiveClin.Evaluator.V1;

namespace LiveClin.AppHost.Sweep;

/// <summary>
/// The evaluator, by its contract. A call that found it gone is made again when it is back; the contract allows that for every one of
/// them.
/// </summary>
internal sealed class EvaluatorClient(EndpointReference endpoint, EvaluatorKeeper keeper, SweepSettings settings) : IDisposable
{
    private const int MaximumAttempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private readonly Lazy<GrpcChannel> _channel = new(() => GrpcChannel.ForAddress(endpoint.Url, new GrpcChannelOptions
    {
        // Loopback never goes through a proxy.
        HttpHandler = new TracedHandler(new TokenHandler(settings.AccessToken, new SocketsHttpHandler
        {
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            ActivityHeadersPropagator = null,
        })),
        MaxReceiveMessageSize = 64 * 1024 * 1024,
    }));

    private EvaluatorService.EvaluatorServiceClient Client => new(_channel.Value);

    /// <summary>Reads the whole release, reports what is wrong with it, and computes the floors of what is asked.</summary>
    public async Task<ValidateReleaseResponse> ValidateAsync(CancellationToken cancellationToken)
    {
        var request = new ValidateReleaseRequest { Release = Release() };
        if (settings.Limit is { } limit) request.Limit = limit;
        return await CallAsync(() => Client.ValidateReleaseAsync(request, cancellationToken: cancellationToken), cancellationToken);
    }

    /// <summary>Conditions by their full names, in the order in which they are best asked.</summary>
    public async Task<IReadOnlyList<string>> ResolveConditionsAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var request = new ResolveConditionsRequest { Names = { names } };
        return (await CallAsync(() => Client.ResolveConditionsAsync(request, cancellationToken: cancellationToken), cancellationToken))
            .Names;
    }

    /// <summary>What starting a model's run would ask; its server need not be there.</summary>
    public async Task<PlanRunResponse> PlanAsync(ModelRun run, bool fresh, CancellationToken cancellationToken)
    {
        var request = new PlanRunRequest { Start = Request(run) };
        request.Start.Fresh = fresh;
        return await CallAsync(() => Client.PlanRunAsync(request, cancellationToken: cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Brings the run that the evaluator's store has for a model to its target; begins one where there is none, or a fresh one is wanted.
    /// </summary>
    public async Task<Run> StartAsync(ModelRun run, bool fresh, CancellationToken cancellationToken)
    {
        var request = Request(run);
        request.IdempotencyKey = Guid.NewGuid().ToString();
        request.Fresh = fresh;
        request.Model.Endpoint = run.Server.BaseUrl.ToString();
        // The built-in examinees see no colours, and nobody expects them to.
        request.VisionCheck = run.Model.Server != ServerKind.Baseline && run.Vision is null;
        request.Serving = await ServerDescription.OfAsync(run.Server, cancellationToken);
        if (await KeyAsync(run, cancellationToken) is { } secret) request.Model.ApiKey = secret;
        var started = (await CallAsync(() => Client.StartRunAsync(request, cancellationToken: cancellationToken), cancellationToken)).Run;
        // Begun by an evaluator that ended before it could answer: the next one knows the run and does not work on it.
        return started is { Status: RunStatus.Running, Active: false } ? await StartAsync(run, fresh: false, cancellationToken) : started;
    }

    private StartRunRequest Request(ModelRun run)
    {
        var request = new StartRunRequest
        {
            Model = new ModelSpec
            {
                Name = run.Model.Name,
                ApiId = run.Model.ApiId,
                Sampling = Sampling(run.Model.Sampling),
                Dialect = DialectOf(run.Model),
            },
            Release = Release(),
            ImageMode = settings.LocalImages ? ImageMode.Local : ImageMode.Url,
            Concurrency = settings.Concurrency,
            Epochs = settings.Epochs,
            Condition = run.Condition,
            Shard = settings.Shard ?? "",
        };
        if (settings.Limit is { } limit) request.Limit = limit;
        if (run.Model.Price is { } price) request.Model.Price = Price(price);
        if (run.Model.MaxCost is { } most) request.MaxCost = most;
        request.Batch = run.Model.Batch;
        request.RetryFiltered = settings.RetryFiltered && run.MayRetryFiltered;
        if (run.Model.TokensPerMinute is { } tokens) request.TokensPerMinute = tokens;
        return request;
    }

    /// <summary>A run as it stands, or null when the evaluator does not know it.</summary>
    public async Task<Run?> FindAsync(string runId, CancellationToken cancellationToken)
    {
        try
        {
            return (await CallAsync(() => Client.GetRunAsync(new GetRunRequest { RunId = runId }, cancellationToken: cancellationToken),
                cancellationToken)).Run;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Stops a run here; what was answered stays, and other evaluators on the same database go on.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="loss">How its model's server was lost, if that is why.</param>
    /// <param name="cancellationToken">Does not wait any longer.</param>
    public async Task<CancelRunResponse> CancelAsync(string runId, ServerLoss? loss, CancellationToken cancellationToken) =>
        await Client.CancelRunAsync(new CancelRunRequest { RunId = runId, ServerLoss = loss, OnlyHere = true },
            cancellationToken: cancellationToken);

    /// <summary>A run as it stands, then how far it is, until it ends.</summary>
    public async IAsyncEnumerable<WatchRunResponse> WatchAsync(string runId,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = Client.WatchRun(new WatchRunRequest { RunId = runId }, cancellationToken: cancellationToken);
        await foreach (var change in call.ResponseStream.ReadAllAsync(cancellationToken)) yield return change;
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose()
    {
        if (_channel.IsValueCreated) _channel.Value.Dispose();
    }

    // The libraries' own way would put spans between the sweep's and the evaluator's that nobody sends anywhere.
    private sealed class TracedHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (SweepTelemetry.Current is { } current) request.Headers.TryAddWithoutValidation("traceparent", current.Id);
            return base.SendAsync(request, cancellationToken);
        }
    }

    private async Task<T> CallAsync<T>(Func<AsyncUnaryCall<T>> call, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable && attempt < MaximumAttempts
                && !cancellationToken.IsCancellationRequested)
            {
                // That its process has ended is known a moment later.
                await Task.Delay(Pause, cancellationToken);
                if (!await keeper.BringBackAsync(cancellationToken)) throw;
            }
        }
    }

    private ReleaseSource Release() => settings.JsonlPath is { } path
        ? new ReleaseSource { JsonlPath = path, ImageRoot = settings.ImageRoot ?? "" }
        : new ReleaseSource { Name = settings.ReleaseName, ImageRoot = settings.ImageRoot ?? "" };

    private static async ValueTask<string?> KeyAsync(ModelRun run, CancellationToken cancellationToken) =>
        run.Server.Key is { } key ? await key.GetValueAsync(cancellationToken) : null;

    // A managed server's is known; of any other it is learned.
    private static string DialectOf(ModelSettings model) => model.Dialect ?? model.Server switch
    {
        ServerKind.SGLang => "sglang",
        ServerKind.Vllm => "vllm",
        ServerKind.LlamaCpp => "llamacpp",
        _ => "",
    };

    private static TokenPrice Price(PriceSettings price)
    {
        var message = new TokenPrice { Input = price.Input, Output = price.Output, Currency = price.Currency };
        if (price.CachedInput is { } cached) message.CachedInput = cached;
        return message;
    }

    private static Sampling Sampling(SamplingSettings given)
    {
        var sampling = new Sampling
        {
            Preset = given.Plain ? ParameterPreset.Plain : ParameterPreset.Core,
            ExtraBodyJson = given.ExtraBody ?? "",
        };
        sampling.ReasoningEffort = given.ReasoningEffort ?? "";
        if (given.ThinkingBudget is { } budget) sampling.ThinkingBudget = budget;
        if (given.Temperature is { } temperature) sampling.Temperature = temperature;
        if (given.TopP is { } topP) sampling.TopP = topP;
        if (given.MaxTokens is { } tokens) sampling.MaxTokens = tokens;
        if (given.Seed is { } seed) sampling.Seed = seed;
        return sampling;
    }
}
