using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.ModelServers.SGLang;
using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.Tests.ModelServers;

public class LaunchTemplateTests
{
    [Fact]
    public void SGLang_as_published_with_its_flags_in_full() => Assert.Equal(
        ("python3", "-m sglang.launch_server --model-path org/m --served-model-name m --tensor-parallel-size 2 --data-parallel-size 4 --host 127.0.0.1 --trust-remote-code --enable-multimodal --log-level info --enable-metrics --enable-cache-report"),
        Line(Model(ServerKind.SGLang) with { Tp = 2, Dp = 4 }));

    [Fact]
    public void SGLang_with_everything_else() => Assert.Equal(
        ("/venv/bin/python",
            "-m sglang.launch_server --model-path org/m --served-model-name m --tensor-parallel-size 1 --data-parallel-size 1 --pipeline-parallel-size 2 --host 127.0.0.1 --context-length 32768 --mem-fraction-static 0.8 --log-level debug --enable-metrics --enable-cache-report"),
        Line(Model(ServerKind.SGLang) with { Interpreter = "/venv/bin/python", Pp = 2, ContextLength = 32768, MemoryFraction = 0.8,
            TrustRemoteCode = false, Multimodal = false, LogLevel = "debug" }));

    [Fact]
    public void SGLang_over_several_nodes_counts_the_devices_of_one()
    {
        var model = Model(ServerKind.SGLang) with { Tp = 8, Pp = 2, Nodes = 2 };
        Assert.Contains("--tensor-parallel-size 8 --data-parallel-size 1 --pipeline-parallel-size 2 --nnodes 2 --host",
            Line(model).Arguments, StringComparison.Ordinal);
        Assert.Equal((8, 4), (model.NeededGpus, (model with { Gpus = 4 }).NeededGpus));
    }

    [Fact]
    public void SGLang_behind_its_router() => Assert.Equal(
        "-m sglang_router.launch_server --model-path org/m --served-model-name m --tensor-parallel-size 2 --data-parallel-size 4 --host 127.0.0.1 --trust-remote-code --enable-multimodal --log-level info --enable-metrics --enable-cache-report --router-policy cache_aware --router-disable-retries --router-max-concurrent-requests 10000 --router-worker-startup-timeout-secs 1800",
        string.Join(' ', SGLangTemplate.Of(Model(ServerKind.SGLang) with { Tp = 2, Dp = 4, Router = true })
            .Arguments(Model(ServerKind.SGLang) with { Tp = 2, Dp = 4 })));

    [Fact]
    public void VLlm_beside_its_interpreter() => Assert.Equal(
        ("/venv/bin/vllm", "serve org/m --served-model-name m --host 127.0.0.1 --tensor-parallel-size 2 --max-model-len 8192 --trust-remote-code"),
        Line(Model(ServerKind.Vllm) with { Interpreter = "/venv/bin/python", Tp = 2, ContextLength = 8192 }));

    [Theory]
    [InlineData("/models/m.gguf", "--model")]
    [InlineData("org/m-GGUF", "--hf-repo")]
    public void LlamaCpp_from_a_file_or_the_hub(string path, string flag) => Assert.Equal(
        ("llama-server", $"{flag} {path} --alias m --host 127.0.0.1 --metrics"),
        Line(Model(ServerKind.LlamaCpp) with { Path = path }));

    [Fact]
    public void Resource_names_are_well_formed_and_differ()
    {
        var names = new ResourceNames();

        Assert.Equal(["run-qwen2-5-vl-7b", "run-qwen2-5-vl-7b-2", "run"],
            [names.Next("run", "Qwen2.5-VL-7B"), names.Next("run", "Qwen2.5 VL 7B"), names.Next("run", "模型")]);
    }

    [Theory]
    [InlineData("serve m --api-key sk-1 --port 1", "serve m --api-key *** --port 1")]
    [InlineData("serve --api-key=sk-1 --hf-token hf-2", "serve --api-key=*** --hf-token ***")]
    [InlineData("serve --tokenizer-path a --max-total-tokens 9 --api-key", "serve --tokenizer-path a --max-total-tokens 9 --api-key")]
    public void A_command_is_recorded_without_its_secrets(string command, string recorded) =>
        Assert.Equal(recorded, string.Join(' ', ServerDescription.WithoutSecrets(command.Split(' '))));

    private static ModelSettings Model(ServerKind kind) => new() { Name = "M", ApiId = "m", Path = "org/m", Server = kind };

    private static (string Program, string Arguments) Line(ModelSettings model)
    {
        var template = LaunchTemplate.Of(model.Server);
        return (template.Program(model), string.Join(' ', template.Arguments(model)));
    }
}
