using LiveClin.AppHost.Sweep;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>What is said of a server that failed.</summary>
public sealed class FailureTests
{
    private const string Traceback =
        "Traceback (most recent call last):\n  File \"/opt/sglang/launch_server.py\", line 23, in <module>\n    launch_server(server_args)\n";

    [Theory]
    [InlineData(
        "[2026-11-28 19:32:50] Ignore import error when loading deepseek: No module named 'deep_gemm'\n"
        + "[2026-11-28 19:32:59 TP0] Scheduler hit an exception: " + Traceback
        + "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 14.00 GiB. GPU 0 has a total capacity of 79.11 GiB of which 3.20 GiB is free.\n\n"
        + Traceback + "RuntimeError: Initialization failed. Please see the error messages above.",
        "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 14.00 GiB. GPU 0 has a total capacity of 79.11 GiB of which 3.20 GiB is free. ", "Tp")]
    [InlineData("ggml_backend_cuda_buffer_type_alloc_buffer: allocating 9000 MiB on device 0: cudaMalloc failed: out of memory\nmain: exiting due to model loading error",
        "cudaMalloc failed: out of memory. ", "Tp")]
    [InlineData("[2026-11-28 19:32:59] Load weight end.\n[2026-11-28 19:33:00] ERROR:    [Errno 98] error while attempting to bind on address ('127.0.0.1', 30000): address already in use",
        "ERROR:    [Errno 98] error while attempting to bind on address ('127.0.0.1', 30000): address already in use. ", "leave out Port")]
    [InlineData(Traceback
        + "OSError: fake/none is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'",
        "OSError: fake/none is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'. ", "Path")]
    [InlineData(Traceback
        + "huggingface_hub.errors.GatedRepoError: 401 Client Error. (Request ID: Root=1)\n\nCannot access gated repo for url https://huggingface.co/google/medgemma-4b-it\nAccess to model google/medgemma-4b-it is restricted.\n"
        + "OSError: You are trying to access a gated repo.",
        "huggingface_hub.errors.GatedRepoError: 401 Client Error. (Request ID: Root=1). ", "HF_TOKEN")]
    [InlineData(Traceback
        + "huggingface_hub.errors.RepositoryNotFoundError: 401 Client Error.\nIf you are trying to access a private or gated repo, make sure you are authenticated.",
        "huggingface_hub.errors.RepositoryNotFoundError: 401 Client Error. ", "Path")]
    [InlineData(Traceback + "RuntimeError: No CUDA GPUs are available", "RuntimeError: No CUDA GPUs are available. ", "nvidia-smi")]
    [InlineData(Traceback + "ModuleNotFoundError: No module named 'flashinfer'", "ModuleNotFoundError: No module named 'flashinfer'. ",
        "environment")]
    [InlineData(Traceback + "ValueError: Chat template qwen9 is not a built-in template name or a valid chat template file path.",
        "ValueError: Chat template qwen9 is not a built-in template name or a valid chat template file path. ", "--chat-template")]
    // The program's own line in the traceback has the words of the error too.
    [InlineData(Traceback
        + "    raise OSError(f\"{path} is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'\")\n          ^^^^\n"
        + "OSError: fake/none is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'",
        "OSError: fake/none is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'. ", "Path")]
    // As vLLM writes it: each line with its own beginning.
    [InlineData("(EngineCore pid=7) ERROR 11-28 19:32:59 [core.py:700]   File \"/opt/vllm/core.py\", line 9, in load\n"
        + "(EngineCore pid=7) ERROR 11-28 19:32:59 [core.py:700]     raise GatedRepoError(response)\n"
        + "(EngineCore pid=7) ERROR 11-28 19:32:59 [core.py:700] ModuleNotFoundError: No module named 'flashinfer'\n"
        + "RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}",
        "ModuleNotFoundError: No module named 'flashinfer'. ", "environment")]
    // Coloured, as Python does where FORCE_COLOR is set.
    [InlineData("  File \u001b[35m\"/opt/sglang/launch_server.py\"\u001b[0m, line \u001b[35m23\u001b[0m, in \u001b[35m<module>\u001b[0m\n"
        + "\u001b[1;35mModuleNotFoundError\u001b[0m: \u001b[35mNo module named 'flashinfer'\u001b[0m",
        "ModuleNotFoundError: No module named 'flashinfer'. ", "environment")]
    // Far behind in an endless line, which is cut where it is shown.
    [InlineData("RuntimeError: [rank 0] xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx CUDA out of memory. Tried to allocate 14.00 GiB.",
        "CUDA out of memory. Tried to allocate 14.00 GiB. ", "Tp")]
    public void A_known_cause_is_found_wherever_it_stands_and_comes_with_advice(string log, string error, string advice)
    {
        var failure = Failure.WithLog("it ended", log.Split('\n'), null);

        Assert.StartsWith($"it ended: {error}", failure.Reason, StringComparison.Ordinal);
        Assert.Contains(advice, failure.Reason[error.Length..], StringComparison.Ordinal);
        // Nothing stands twice.
        Assert.DoesNotContain(failure.LastLines, l => l.EndsWith(error.TrimEnd('.', ' '), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[2026-11-22 19:32:59] Scheduler hit an exception: Traceback\nRuntimeError: NCCL error: unhandled system error\n\nReceived sigquit", "it ended: RuntimeError: NCCL error: unhandled system error")]
    [InlineData("RuntimeError: NCCL error: unhandled system error\nRuntimeError: Initialization failed. Please see the error messages above.", "it ended: RuntimeError: NCCL error: unhandled system error")]
    [InlineData("RuntimeError: Initialization failed. Please see the error messages above.",
        "it ended: RuntimeError: Initialization failed. Please see the error messages above.")]
    [InlineData("usage: sglang serve\nsglang serve: error: unrecognized arguments: --no", "it ended: error: unrecognized arguments: --no")]
    [InlineData("[2026-11-28 19:32:50] WARNING: ModuleNotFoundError: No module named 'deep_gemm', falling back\nRuntimeError: boom",
        "it ended: RuntimeError: boom")]
    [InlineData("  File \"/opt/a.py\", line 9, in load\n    assert ok\n           ^^\nAssertionError", "it ended: AssertionError")]
    [InlineData("  + Exception Group Traceback (most recent call last):\n  |   File \"/opt/a.py\", line 9, in load\n  |     run()\n    | ValueError: boom\n    +------------", "it ended: ValueError: boom")]
    [InlineData("all is well, no error here", "it ended.")]
    [InlineData("", "it ended.")]
    public void Of_other_errors_the_last_that_is_no_echo_is_the_reason(string log, string reason) =>
        Assert.Equal(reason, Failure.WithLog("it ended", log.Split('\n'), null).Reason);

    [Fact]
    public void The_last_lines_are_few_short_and_steer_no_terminal()
    {
        var failure = Failure.WithLog("it ended",
            [.. Enumerable.Range(0, 50).Select(i => $"  line {i}"), "\u001b[31m" + new string('x', 1000), " "], "a.log");

        Assert.Equal(8, failure.LastLines.Count);
        Assert.Equal("  line 49", failure.LastLines[^2]);
        Assert.Equal(201, failure.LastLines[^1].Length);
        Assert.DoesNotContain('\u001b', failure.LastLines[^1]);
        Assert.Equal("last lines of a.log:", SweepText.LogEnd(failure)[0]);
    }
}
