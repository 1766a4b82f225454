using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.ModelServers.SGLang;

/// <summary>
/// <c>python -m sglang.launch_server</c>. Flags are spelled in full: abbreviations change their meaning when a release adds flags.
/// Both <c>--trust-remote-code</c> and <c>--enable-multimodal</c> are on as published; some vision models take no images without the
/// latter.
/// </summary>
internal static class SGLangTemplate
{
    public static LaunchTemplate Instance { get; } = new()
    {
        Title = "SGLang",
        ResourcePrefix = "sglang",
        Program = model => model.Interpreter ?? "python3",
        Arguments = model => ["-m", "sglang.launch_server", .. ServerArguments(model)],
        Version = ("/server_info", "version"),
        ModelInfoPath = "/model_info",
        Module = "sglang",
        Installation = "python3 -m venv ../sglang-env && ../sglang-env/bin/pip install \"sglang[all]\", then set \"Python\": \"../sglang-env\"",
    };

    /// <summary>
    /// <c>python -m sglang_router.launch_server</c>: a server per data-parallel rank, and a router before them that sends each turn of a
    /// conversation to the one that has
    /// its beginning in the cache. Its limits and its own retries are out of the way: how many requests there are at a time, and what is
    /// asked again, is the evaluator's decision.
    /// </summary>
    public static LaunchTemplate Routed { get; } = Instance with
    {
        Title = "SGLang with its router",
        Arguments = model =>
        [
            "-m", "sglang_router.launch_server", .. ServerArguments(model),
            "--router-policy", "cache_aware", "--router-disable-retries", "--router-max-concurrent-requests",
            Text(SettingsLimits.Concurrency),
            "--router-worker-startup-timeout-secs", Text((int)model.StartTimeout.TotalSeconds),
        ],
        // Its /health only says that the router is there.
        ReadinessPath = "/readiness",
        MetricsPath = "/engine_metrics",
        Module = "sglang, sglang_router",
        Installation = "../sglang-env/bin/pip install sglang-router",
    };

    /// <summary>The template for a model.</summary>
    public static LaunchTemplate Of(ModelSettings model) => model.Router ? Routed : Instance;

    private static IEnumerable<string> ServerArguments(ModelSettings model) =>
        [
            "--model-path", model.Path!, "--served-model-name", model.ApiId,
            "--tensor-parallel-size", Text(model.Tp), "--data-parallel-size", Text(model.Dp),
            .. LaunchTemplate.Size("--pipeline-parallel-size", model.Pp),
            .. LaunchTemplate.Size("--nnodes", model.Nodes),
            "--host", model.Host,
            .. LaunchTemplate.Switch("--trust-remote-code", model.TrustRemoteCode),
            .. LaunchTemplate.Switch("--enable-multimodal", model.Multimodal),
            .. LaunchTemplate.Value("--context-length", model.ContextLength),
            .. LaunchTemplate.Value("--mem-fraction-static", model.MemoryFraction),
            "--log-level", model.LogLevel,
            // Its metrics, and the cached tokens of every reply.
            "--enable-metrics", "--enable-cache-report",
        ];

    private static string Text(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
