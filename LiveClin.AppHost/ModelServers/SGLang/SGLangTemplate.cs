using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.ModelServers.SGLang;

/// <summary>
/// <c>python -m sglang.launch_server</c>. Flags are spelled in full: abbreviations change their meaning when a release adds flags.
/// Both <c>--trust-remote-code</c> and <c>--enable-multimodal</c> are on as published; some vision models take no images without the latter.
/// </summary>
internal static class SGLangTemplate
{
    public static LaunchTemplate Instance { get; } = new()
    {
        Title = "SGLang",
        ResourcePrefix = "sglang",
        Program = model => model.Interpreter ?? "python3",
        Arguments = model =>
        [
            "-m", "sglang.launch_server",
            "--model-path", model.Path!, "--served-model-name", model.ApiId,
            "--tensor-parallel-size", Text(model.Tp), "--data-parallel-size", Text(model.Dp), .. LaunchTemplate.Size("--pipeline-parallel-size", model.Pp),
            "--host", model.Host,
            .. LaunchTemplate.Switch("--trust-remote-code", model.TrustRemoteCode), .. LaunchTemplate.Switch("--enable-multimodal", model.Multimodal),
            .. LaunchTemplate.Value("--context-length", model.ContextLength), .. LaunchTemplate.Value("--mem-fraction-static", model.MemoryFraction),
            "--log-level", model.LogLevel,
            // Its metrics, and the cached tokens of every reply.
            "--enable-metrics", "--enable-cache-report",
        ],
        Module = "sglang",
        Installation = "python3 -m venv ../sglang-env && ../sglang-env/bin/pip install \"sglang[all]\", then set \"Python\": \"../sglang-env\"",
    };

    private static string Text(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
