using System.Text.Json.Nodes;
using LiveClin.Testing;

namespace LiveClin.AppHost.Tests.Doubles;

public sealed class GpuDoubleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Schedulers_hold_memory_until_a_moment_after_their_death()
    {
        var gpus = new FakeGpus(_folder.FullName).Write(new JsonObject
        {
            ["release_seconds"] = 0,
            ["gpus"] = new JsonArray(new JsonObject(), new JsonObject(), new JsonObject()),
        });
        await using var server = DoubleProcess.StartSGLang("org/model", ["--tp-size", "2", "--mem-fraction-static", "0.5"], gpus);
        await server.LogAsync("The server is fired up");
        Assert.Equal("40779\n40779\n0\n", await UsedAsync(gpus));
        Assert.Equal(2, (await SmiAsync(gpus, "--query-compute-apps=gpu_uuid,pid,used_memory", "--format=csv,noheader,nounits"))
            .Output.Split(", 40779\n").Length - 1);

        server.Kill();
        // The kernel ends the children of a killed parent; that takes a moment.
        while (await UsedAsync(gpus) != "0\n0\n0\n") Cancellation.ThrowIfCancellationRequested();
    }

    [Theory]
    [InlineData(1, 0, "invalid device ordinal")]
    [InlineData(2, 20000, "CUDA out of memory. Tried to allocate")]
    public async Task A_server_that_does_not_fit_dies(int count, int used, string words)
    {
        await using var server = DoubleProcess.StartSGLang("org/model", ["--tp-size", "2"],
            new FakeGpus(_folder.FullName).Write(count, usedMiB: used));
        Assert.Equal(137, await server.ExitAsync());
        Assert.Contains(words, server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queries_show_names_with_commas_and_cells_without_numbers()
    {
        var gpus = new FakeGpus(_folder.FullName).Write(new JsonObject
        {
            ["gpus"] = new JsonArray(
                new JsonObject { ["uuid"] = "GPU-1", ["name"] = "NVIDIA H100, 80GB", ["used"] = 5 },
                new JsonObject { ["uuid"] = "GPU-2", ["used"] = null, ["utilization"] = "[Not Supported]" }),
            ["processes"] = new JsonArray(new JsonObject { ["uuid"] = "GPU-1", ["pid"] = 7, ["used"] = 20 }),
        });
        var (exitCode, output) =
            await SmiAsync(gpus, "--query-gpu=index,uuid,name,memory.total,memory.used,utilization.gpu,driver_version,compute_mode",
            "--format=csv,noheader,nounits");
        Assert.Equal((0, "0, GPU-1, NVIDIA H100, 80GB, 81559, 25, 0, 570.86.15, Default\n1, GPU-2, NVIDIA H100 80GB HBM3, 81559, [N/A], [Not Supported], 570.86.15, Default\n"), (exitCode, output));
        Assert.Equal((0, "gpu_uuid, pid, used_gpu_memory [MiB]\nGPU-1, 7, 20 MiB\n"),
            await SmiAsync(gpus, "--query-compute-apps=gpu_uuid,pid,used_memory", "--format=csv"));
        Assert.Equal((2, "Field \"x\" is not a valid field to query.\n\n"), await SmiAsync(gpus, "--query-gpu=x", "--format=csv"));
    }

    [Fact]
    public async Task Failures_have_the_text_and_the_code_that_a_test_sets()
    {
        var (exitCode, output) = await SmiAsync(null, "-L");
        Assert.Equal(9, exitCode);
        Assert.StartsWith("NVIDIA-SMI has failed because it couldn't communicate", output, StringComparison.Ordinal);
        var gpus = new FakeGpus(_folder.FullName).Write(0);
        Assert.Equal((6, "No devices were found\n"), await SmiAsync(gpus, "-L"));
        gpus.Write(new JsonObject { ["failure"] = new JsonObject { ["exit_code"] = 18, ["text"] = "Driver/library version mismatch\n" } });
        Assert.Equal((18, "Driver/library version mismatch\n"), await SmiAsync(gpus, "-L"));
        Assert.Equal(255, (await DoubleProcess.RunAsync("amd-smi", ["list", "--json"], gpus)).ExitCode);
    }

    [Fact]
    public async Task Amd_reports_the_same_as_json_in_both_shapes()
    {
        var gpus = new FakeGpus(_folder.FullName);
        JsonObject state = new() { ["vendor"] = "amd", ["gpus"] = new JsonArray(new JsonObject { ["total"] = 196592, ["used"] = 283 }) };
        gpus.Write(state);
        var (_, output) = await DoubleProcess.RunAsync("amd-smi", ["metric", "--mem-usage", "--usage", "--json"], gpus);
        Assert.Equal(283, (int?)JsonNode.Parse(output)!["gpu_data"]![0]!["mem_usage"]!["used_vram"]!["value"]);
        state["bare_list"] = true;
        state["preamble"] = "WARNING: no root\n";
        gpus.Write(state);
        (_, output) = await DoubleProcess.RunAsync("amd-smi", ["metric", "--mem-usage", "--usage", "--json"], gpus);
        Assert.StartsWith("WARNING: no root\n[", output, StringComparison.Ordinal);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<string> UsedAsync(FakeGpus gpus) =>
        (await SmiAsync(gpus, "--query-gpu=memory.used", "--format=csv,noheader,nounits")).Output;

    private static Task<(int ExitCode, string Output)> SmiAsync(FakeGpus? gpus, params string[] arguments) =>
        DoubleProcess.RunAsync("nvidia-smi", arguments, gpus);
}
