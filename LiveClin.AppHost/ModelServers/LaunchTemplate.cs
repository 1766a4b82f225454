using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.ModelServers;

/// <summary>How a kind of model server is started and what proves that it is ready.</summary>
internal sealed record LaunchTemplate
{
    /// <summary>The kind, for people.</summary>
    public required string Title { get; init; }

    /// <summary>Beginning of the resource's name.</summary>
    public required string ResourcePrefix { get; init; }

    /// <summary>The program to start, given the model.</summary>
    public required Func<ModelSettings, string> Program { get; init; }

    /// <summary>The arguments but for the port: model, served name, sizes, switches.</summary>
    public required Func<ModelSettings, IEnumerable<string>> Arguments { get; init; }

    /// <summary>Path that answers 200 when the server is ready: until then it refuses connections or answers 503.</summary>
    public string ReadinessPath { get; init; } = "/health";

    /// <summary>Path that shows its metrics in Prometheus' text format, if there are any.</summary>
    public string? MetricsPath { get; init; } = "/metrics";

    /// <summary>Path whose JSON tells the server's version, and in which field.</summary>
    public (string Path, string Field)? Version { get; init; }

    /// <summary>Path whose JSON describes the model that is served.</summary>
    public string? ModelInfoPath { get; init; }

    /// <summary>The Python module that the interpreter must be able to import, if it is one.</summary>
    public string? Module { get; init; }

    /// <summary>How to get the server.</summary>
    public required string Installation { get; init; }

    /// <summary>The template of a kind of managed server.</summary>
    public static LaunchTemplate Of(ServerKind kind) => kind switch
    {
        ServerKind.SGLang => SGLang.SGLangTemplate.Instance,
        ServerKind.Vllm => Vllm,
        ServerKind.LlamaCpp => LlamaCpp,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a managed server."),
    };

    private static LaunchTemplate Vllm { get; } = new()
    {
        Title = "vLLM",
        ResourcePrefix = "vllm",
        Program = model => model.Program ?? Beside(model.Interpreter, "vllm"),
        Arguments = model =>
        [
            "serve", model.Path!, "--served-model-name", model.ApiId, "--host", model.Host,
            .. Size("--tensor-parallel-size", model.Tp), .. Size("--data-parallel-size", model.Dp),
            .. Size("--pipeline-parallel-size", model.Pp),
            .. Value("--max-model-len", model.ContextLength), .. Value("--gpu-memory-utilization", model.MemoryFraction),
            .. Switch("--trust-remote-code", model.TrustRemoteCode),
        ],
        Version = ("/version", "version"),
        Installation = "pip install vllm",
    };

    private static LaunchTemplate LlamaCpp { get; } = new()
    {
        Title = "llama.cpp",
        ResourcePrefix = "llamacpp",
        Program = model => model.Program ?? "llama-server",
        Arguments = model =>
        [
            // A file of weights, or a repository on the hub.
            model.Path!.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? "--model" : "--hf-repo", model.Path, "--alias", model.ApiId,
            "--host", model.Host,
            .. Value("--ctx-size", model.ContextLength), "--metrics",
        ],
        Version = ("/props", "build_info"),
        Installation = "install llama.cpp (https://github.com/ggml-org/llama.cpp) so that llama-server is on PATH, or set Program",
    };

    /// <summary>A size flag; left out for 1, which is every server's default.</summary>
    public static IEnumerable<string> Size(string flag, int size) => size == 1 ? [] : [flag, Invariant(size)];

    /// <summary>A flag with a value, left out without one.</summary>
    public static IEnumerable<string> Value<T>(string flag, T? value) where T : struct, IFormattable =>
        value is { } given ? [flag, Invariant(given)] : [];

    /// <summary>A switch.</summary>
    public static IEnumerable<string> Switch(string flag, bool on) => on ? [flag] : [];

    private static string Invariant(IFormattable value) => value.ToString(null, System.Globalization.CultureInfo.InvariantCulture);

    // A program that a virtual environment has installed lies beside its interpreter.
    private static string Beside(string? interpreter, string program) =>
        interpreter is not null && Path.IsPathRooted(interpreter) ? Path.Combine(Path.GetDirectoryName(interpreter)!, program) : program;
}
