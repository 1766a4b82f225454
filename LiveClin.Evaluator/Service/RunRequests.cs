using LiveClin.Core.Conditions;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Core.Text;
using LiveClin.Evaluator.Models;
using LiveClin.Evaluator.Runs;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Service;

/// <summary>Reads run requests from the contract's messages; reports everything that is wrong at once.</summary>
internal sealed partial class RunRequests(ReleaseCatalog releases)
{
    private const int LongestKey = 128;
    private readonly List<FieldProblem> _problems = [];

    /// <exception cref="Grpc.Core.RpcException">Fields are wrong; names them all.</exception>
    public RunRequest Read(V1.StartRunRequest request)
    {
        if (request.IdempotencyKey.Length is 0 or > LongestKey) Wrong("idempotency_key", $"must have 1 to {LongestKey} characters.");
        var endpoint = ReadEndpoint(request.Model);
        // Only of a request that is sound: others need not have a canonical form.
        return ReadRun(request, endpoint) with { Sha256 = RequestHash.Of(request, endpoint) };
    }

    /// <summary>A request that is only planned: it needs no key, and its model's server may not be there yet.</summary>
    /// <exception cref="Grpc.Core.RpcException">Fields are wrong; names them all.</exception>
    public RunRequest ReadPlan(V1.PlanRunRequest request)
    {
        var start = request.Start ?? new V1.StartRunRequest();
        return ReadRun(start, start.Model is { Endpoint.Length: 0 } model
            ? new ModelEndpoint(Nowhere, ReadApiId(model)) : ReadEndpoint(start.Model));
    }

    private RunRequest ReadRun(V1.StartRunRequest request, ModelEndpoint endpoint)
    {
        var result = new RunRequest
        {
            Model = request.Model?.Name is { Length: > 0 } name ? name : request.Model?.ApiId ?? "",
            Endpoint = endpoint,
            Sampling = ReadSampling(request.Model),
            Dialect = ReadDialect("model.dialect", request.Model?.Dialect),
            Release = new ReleaseSelection
            {
                Source = releases.Locate(request.Release, Wrong),
                ImageMode = ReadImageMode(request.ImageMode),
                AllowMissingImages = request.AllowMissingImages,
            },
            Concurrency = ReadConcurrency(request.HasConcurrency, request.Concurrency),
            Retries = ReadRetries(request.HasMaxRetries, request.MaxRetries),
            Timeout = ReadTimeout(request.Timeout, RunRequest.DefaultTimeout),
            Target = ReadShard(request.Shard, ReadTarget(request)),
            Condition = ReadCondition(request.Condition),
            Price = ReadPrice("model.price", request.Model?.Price),
            MaxCost = request.HasMaxCost ? request.MaxCost : null,
            Batch = request.Batch,
            CancelBatches = request.CancelBatches,
            TokensPerMinute = ReadPace(request.HasTokensPerMinute, request.TokensPerMinute),
            Fresh = request.Fresh,
            RetryFiltered = request.RetryFiltered,
            CheckVision = request.VisionCheck,
            Serving = ReadServing(request.Serving),
            IdempotencyKey = request.IdempotencyKey,
        };
        CheckLimit("model.price", result);
        if (request is { CancelBatches: true, Batch: false }) Wrong("cancel_batches", "goes with batch.");
        if (request.Model?.Name is { Length: > 0 } && !NameRule.IsValid(result.Model)) Wrong("model.name", NameRule.Words());
        ThrowIfWrong();
        return result;
    }

    /// <summary>The request that continues a run with what it asked from the beginning.</summary>
    /// <param name="request">What the caller says.</param>
    /// <param name="run">The run.</param>
    /// <param name="release">Its release, as the store knows it.</param>
    /// <param name="limit">The limit that the run was last given; null when it has none.</param>
    /// <exception cref="Grpc.Core.RpcException">Fields are wrong; names them all.</exception>
    public RunRequest Read(V1.ResumeRunRequest request, RunInfo run, StoredRelease release, RecordedLimit? limit)
    {
        var specification = run.Specification;
        if (request is { HasMaxCost: true, NoMaxCost: true }) Wrong("no_max_cost", "does not go with max_cost.");
        // A run's limit stays until it is changed or lifted.
        var isKept = limit is not null && request is { HasMaxCost: false, NoMaxCost: false };
        var result = new RunRequest
        {
            Model = specification.Model,
            Endpoint = new ModelEndpoint(ReadUrl("endpoint", request.HasEndpoint ? request.Endpoint : specification.Endpoint),
                specification.ApiId)
            {
                ApiKey = ReadKey("api_key", request.HasApiKey, request.ApiKey),
            },
            // What was sent is sent again, whatever the presets say by now.
            Sampling = new SamplingParameters { Recorded = specification.ParametersJson },
            Dialect = ReadDialect("dialect", request.Dialect),
            Release = new ReleaseSelection
            {
                Source = releases.Locate(release, release.ImageRoot, Wrong),
                ImageMode = specification.ImageMode == "url" ? ImageMode.Url : ImageMode.Local,
                AllowMissingImages = specification.AllowMissingImages,
            },
            Concurrency = ReadConcurrency(request.HasConcurrency, request.Concurrency),
            Retries = ReadRetries(request.HasMaxRetries, request.MaxRetries),
            Timeout = ReadTimeout(request.Timeout, RunRequest.DefaultTimeout),
            Condition = Condition.Parse(specification.Condition),
            ContinueRunId = run.Id,
            Target = run.Target,
            Price = ReadPrice("price", request.Price) ?? (isKept ? limit!.Price : null),
            MaxCost = request.HasMaxCost ? request.MaxCost : isKept ? limit!.MaxCost : null,
            Batch = request.Batch,
            TokensPerMinute = ReadPace(request.HasTokensPerMinute, request.TokensPerMinute),
        };
        CheckLimit("price", result);
        ThrowIfWrong();
        return result;
    }

    /// <summary>How a model's server was lost; null when nobody says that it was.</summary>
    /// <exception cref="Grpc.Core.RpcException">It is not said how.</exception>
    public static ServerLoss? ReadLoss(V1.ServerLoss? loss) => loss is null ? null : new ServerLoss(
        loss.Kind switch
        {
            V1.ServerLossKind.Died => ServerLoss.Died,
            V1.ServerLossKind.Hung => ServerLoss.Hung,
            _ => throw RpcErrors.Invalid("server_loss.kind", "must say how the server was lost."),
        },
        ErrorText.Shorten(loss.Reason));

    /// <summary>The endpoint and longest wait of a vision check.</summary>
    /// <exception cref="Grpc.Core.RpcException">Fields are wrong; names them all.</exception>
    public (ModelEndpoint Endpoint, TimeSpan Timeout) Read(V1.VisionCheckRequest request)
    {
        var result = (ReadEndpoint(request.Model), ReadTimeout(request.Timeout, TimeSpan.FromSeconds(120)));
        ThrowIfWrong();
        return result;
    }

    private ModelEndpoint ReadEndpoint(V1.ModelSpec? model)
    {
        if (model is null) Wrong("model", "must say which model to ask.");
        var url = model is null ? Nowhere : ReadUrl("model.endpoint", model.Endpoint);
        return new ModelEndpoint(url, model is null ? "" : ReadApiId(model))
        {
            ApiKey = ReadKey("model.api_key", model is { HasApiKey: true }, model?.ApiKey),
        };
    }

    private string ReadApiId(V1.ModelSpec model)
    {
        if (!NameRule.IsValid(model.ApiId)) Wrong("model.api_id", $"is the model's name on the wire, and {NameRule.Words()}");
        return model.ApiId;
    }

    private string? ReadKey(string field, bool given, string? key)
    {
        if (!given) return null;
        if (ModelEndpoint.ProblemOf(key) is { } problem) Wrong(field, problem);
        return key;
    }
}
