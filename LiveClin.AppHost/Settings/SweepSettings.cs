namespace LiveClin.AppHost.Settings;

/// <summary>What to evaluate, and how: the validated settings of one start.</summary>
internal sealed record SweepSettings
{
    /// <summary>Name of a release, or null when <see cref="JsonlPath"/> is given.</summary>
    public string? ReleaseName { get; init; }

    /// <summary>Full path of a release's JSONL file.</summary>
    public string? JsonlPath { get; init; }

    /// <summary>Full path of the folder below which its images lie; null for the one beside the file.</summary>
    public string? ImageRoot { get; init; }

    /// <summary>Folder in which releases are looked for by name.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Full path of the folder for everything that a sweep writes.</summary>
    public required string ResultsFolder { get; init; }

    /// <summary>Conversations at a time.</summary>
    public required int Concurrency { get; init; }

    /// <summary>True when images travel as data, false as their public addresses.</summary>
    public required bool LocalImages { get; init; }

    /// <summary>Only the first cases.</summary>
    public int? Limit { get; init; }

    /// <summary>
    /// One of N equal parts of the cases, as the evaluator reads it (<c>I/N</c>, <c>auto</c>, <c>auto/N</c>); null for all of them.
    /// </summary>
    public string? Shard { get; init; }

    /// <summary>The conditions that every model is asked under, as they were given: the evaluator knows what there is.</summary>
    public IReadOnlyList<string> Conditions { get; init; } = [Sweep.ModelRun.Published];

    /// <summary>How often each case is asked, in conversations of their own.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Begin other runs, although there are some that could go on.</summary>
    public bool Fresh { get; init; }

    /// <summary>
    /// Ask those questions again, too, that a filter refused, that were truncated or refused without text, or that the server was lost
    /// at.
    /// </summary>
    public bool RetryFiltered { get; init; }

    /// <summary>Show prompts and replies in the traces; text only.</summary>
    public bool CaptureMessages { get; init; }

    /// <summary>End the program after the sweep.</summary>
    public bool ExitWhenDone { get; init; }

    /// <summary>The models, in order.</summary>
    public required IReadOnlyList<ModelSettings> Models { get; init; }

    /// <summary>Part of each device's memory that must be free before a model server starts, 0 to 1.</summary>
    public double GpuFreeFraction { get; init; } = 0.9;

    /// <summary>Longest wait for that memory.</summary>
    public TimeSpan GpuTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Where results go.</summary>
    public required StoreSettings Store { get; init; }

    /// <summary>Longest reply of a model's server in bytes; null for the evaluator's own limit.</summary>
    public int? MaxReplyBytes { get; init; }

    /// <summary>What callers of the services must show; null when everybody may call.</summary>
    public required string? AccessToken { get; init; }

    /// <summary>Full path of a CSV file that says when cases were published; null without one.</summary>
    public string? PublicationDates { get; init; }

    /// <summary>Port of the statistics pages; null for a free one.</summary>
    public int? StatsPort { get; init; }

    /// <summary>Port of the evaluator's JSON API; null for a free one.</summary>
    public int? EvaluatorPort { get; init; }

    /// <summary>Folder of the model servers' logs.</summary>
    public required string LogFolder { get; init; }
}

/// <summary>What settings may be at most.</summary>
internal static class SettingsLimits
{
    /// <summary>Conversations at a time.</summary>
    public const int Concurrency = 10_000;

    /// <summary>Epochs of a run.</summary>
    public const int Epochs = 1000;

    /// <summary>Bytes of a reply: 64 KiB to 1 GiB.</summary>
    public const int LeastReplyBytes = 64 << 10, MostReplyBytes = 1 << 30;
}

/// <summary>Kinds of model servers.</summary>
internal enum ServerKind
{
    /// <summary>SGLang, started and stopped here.</summary>
    SGLang,

    /// <summary>vLLM, started and stopped here.</summary>
    Vllm,

    /// <summary>llama.cpp's server, started and stopped here.</summary>
    LlamaCpp,

    /// <summary>An OpenAI-compatible API that runs already.</summary>
    Endpoint,

    /// <summary>The built-in examinees: floors and simulated ones.</summary>
    Baseline,
}

/// <summary>One model of the sweep.</summary>
internal sealed record ModelSettings
{
    /// <summary>Name under which results are kept.</summary>
    public required string Name { get; init; }

    /// <summary>What serves it.</summary>
    public required ServerKind Server { get; init; }

    /// <summary>What is wrong with its settings; then it is not evaluated.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Name on the wire; also the served name of a managed server.</summary>
    public required string ApiId { get; init; }

    /// <summary>True for a floor that nobody asked for: it stands in the summary's block of floors instead of a line of its own.</summary>
    public bool IsInFloorBlock { get; init; }

    /// <summary>True for a simulated examinee.</summary>
    public bool IsSimulated => Server == ServerKind.Baseline && BuiltInModels.IsSimulated(ApiId);

    /// <summary>Folder, file or hub name of the weights, for managed servers.</summary>
    public string? Path { get; init; }

    /// <summary>Base URL of a running API.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Name of the secret parameter with the API's key.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Tensor-parallel size.</summary>
    public int Tp { get; init; } = 1;

    /// <summary>Data-parallel size.</summary>
    public int Dp { get; init; } = 1;

    /// <summary>Pipeline-parallel size.</summary>
    public int Pp { get; init; } = 1;

    /// <summary>Nodes that the server is spread over: this one and others of the same Slurm job.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>The Slurm job that this program runs in; null for none.</summary>
    public SlurmAllocation? Allocation { get; init; }

    /// <summary>Put SGLang's cache-aware router before the data-parallel servers.</summary>
    public bool Router { get; init; }

    /// <summary>Devices of this machine that the server needs; null for tp × dp × pp, or this node's part of tp × pp.</summary>
    public int? Gpus { get; init; }

    /// <summary>Interpreter of the server's environment.</summary>
    public string? Interpreter { get; init; }

    /// <summary>Why that interpreter cannot be used, when it is known already; the other models are evaluated all the same.</summary>
    public string? InterpreterProblem { get; init; }

    /// <summary>The server program, for servers that are not Python modules.</summary>
    public string? Program { get; init; }

    /// <summary>Host on which a managed server listens.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Its port; null to have one allocated.</summary>
    public int? Port { get; init; }

    /// <summary>Longest context, in tokens.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Part of the device memory for weights and cache, 0 to 1.</summary>
    public double? MemoryFraction { get; init; }

    /// <summary>Run code that comes with the weights; on, as published.</summary>
    public bool TrustRemoteCode { get; init; } = true;

    /// <summary>Take images; on, as published.</summary>
    public bool Multimodal { get; init; } = true;

    /// <summary>Log level of the server.</summary>
    public string LogLevel { get; init; } = "info";

    /// <summary>Further arguments of the server.</summary>
    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary>Further variables of the server.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Longest wait until the server is ready.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Longest wait for its end: from SIGTERM to SIGKILL.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time in which it may answer nothing while its health check fails; then it counts as dead.</summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How often a server that dies is started again.</summary>
    public int Restarts { get; init; } = 1;

    /// <summary>The conditions that it is asked under; null for those of the whole sweep.</summary>
    public IReadOnlyList<string>? Conditions { get; init; }

    /// <summary>
    /// How the server wants the request, as the evaluator names it; null for the one of a managed server, else for one that is learned.
    /// </summary>
    public string? Dialect { get; init; }

    /// <summary>What its tokens cost; null when that is not known.</summary>
    public PriceSettings? Price { get; init; }

    /// <summary>What its runs on the release may cost together, in the price's currency; null for no limit.</summary>
    public double? MaxCost { get; init; }

    /// <summary>Tokens a minute, of prompts and replies, to ask for at most; null for what the server says.</summary>
    public int? TokensPerMinute { get; init; }

    /// <summary>Ask through the API's batches: for half the price, within hours or days.</summary>
    public bool Batch { get; init; }

    /// <summary>Sampling parameters that differ from the published ones.</summary>
    public SamplingSettings Sampling { get; init; } = new();

    /// <summary>True for servers that are started and stopped here.</summary>
    public bool IsManaged => Server is ServerKind.SGLang or ServerKind.Vllm or ServerKind.LlamaCpp;

    /// <summary>Devices of this machine that must be free before the server starts.</summary>
    public int NeededGpus => Gpus ?? (Nodes == 1 ? Tp * Dp * Pp : Tp * Pp / Nodes);
}

/// <summary>What a million tokens cost.</summary>
/// <param name="Input">Prompt tokens that no cache served.</param>
/// <param name="CachedInput">Prompt tokens from a prefix cache; null for the price of the others.</param>
/// <param name="Output">Reply tokens.</param>
/// <param name="Currency">Three letters of ISO 4217.</param>
internal sealed record PriceSettings(double Input, double? CachedInput, double Output, string Currency);

/// <summary>Sampling parameters; null leaves a published value as it is.</summary>
internal sealed record SamplingSettings
{
    /// <summary>True for temperature 0 and 16384 tokens instead of the table by model family.</summary>
    public bool Plain { get; init; }

    /// <summary>Temperature, 0 to 2.</summary>
    public double? Temperature { get; init; }

    /// <summary>Nucleus probability, above 0 up to 1.</summary>
    public double? TopP { get; init; }

    /// <summary>Limit of a reply, in tokens.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Seed for the server's sampling.</summary>
    public long? Seed { get; init; }

    /// <summary>How much the model may think, in the server's word.</summary>
    public string? ReasoningEffort { get; init; }

    /// <summary>Most tokens of thinking, 0 for none.</summary>
    public int? ThinkingBudget { get; init; }

    /// <summary>More fields of the request's body, as a JSON object; null takes a field out.</summary>
    public string? ExtraBody { get; init; }
}
