using LiveClin.AppHost.Gpus;

namespace LiveClin.AppHost.Tests.Gpus;

public class GpuParsingTests
{
    [Fact]
    public void Names_with_commas_and_cells_without_values()
    {
        var devices = NvidiaSmi.Devices("0, GPU-1, NVIDIA H100, 80GB, 81559, 4, 0, 570.86.15, Default, 41\n1, GPU-2, A100, [N/A], [Unknown Error], [Not Supported], [N/A], Default, [N/A]\n");

        Assert.Equal(
        [
            new GpuDevice("GPU-1", "0", "NVIDIA H100, 80GB", 81559, 4, 0, "570.86.15", 41),
            new GpuDevice("GPU-2", "1", "A100", null, null, null, null, null),
        ], devices!);
    }

    [Theory]
    [InlineData("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.")]
    [InlineData("0, GPU-1, half a row")]
    public void Rows_that_cannot_be_read_are_no_devices(string output) => Assert.Null(NvidiaSmi.Devices(output));

    [Fact]
    public void Processes_whose_memory_is_hidden_still_count() =>
        Assert.Equal([new GpuProcess("GPU-1", "4711", 20000), new GpuProcess("GPU-1", "12", null)], NvidiaSmi.Processes("GPU-1, 4711, 20000\nGPU-1, 12, [N/A]\nNo running processes found\n"));

    [Theory]
    [InlineData("""{"gpu_data":[{"gpu":0,"mem_usage":{"total_vram":{"value":196592,"unit":"MB"},"used_vram":{"value":283,"unit":"MB"}},"usage":{"gfx_activity":{"value":3,"unit":"%"}},"temperature":{"edge":"N/A","hotspot":{"value":47,"unit":"C"}}}]}""")]
    [InlineData("""[{"gpu":0,"mem_usage":{"total_vram":{"value":196592,"unit":"MB"},"used_vram":{"value":283,"unit":"MB"}},"usage":{"gfx_activity":{"value":3,"unit":"%"}},"temperature":{"edge":"N/A","hotspot":{"value":47,"unit":"C"}}}]""")]
    [InlineData("""
        WARNING: user is not in the video group
        {"gpu_data":[{"gpu":0,"mem_usage":{"total_vram":{"value":196592,"unit":"MB"},"used_vram":{"value":283,"unit":"MB"}},"usage":{"gfx_activity":{"value":3,"unit":"%"}},"temperature":{"edge":"N/A","hotspot":{"value":47,"unit":"C"}}}]}
        """)]
    public void Amd_in_all_its_shapes(string output) => Assert.Equal([new GpuDevice("0", "0", "AMD GPU", 196592, 283, 3, null, 47)], AmdSmi.Devices(output)!);

    [Theory]
    [InlineData("Unable to get devices, driver not initialized (amdgpu not found in modules)")]
    [InlineData("{\"gpu_data\":")]
    [InlineData("")]
    public void Amd_that_cannot_be_read_is_no_device(string output) => Assert.Null(AmdSmi.Devices(output));

    [Fact]
    public void Free_devices_are_those_with_enough_free_memory()
    {
        var report = new GpuReport([Device("0", 100, 5), Device("1", 100, 50), Device("2", null, null)], [new GpuProcess("1", "42", 50)], null);

        Assert.Equal(2, report.FreeDevices(0.9));
        Assert.Contains("process 42 (50 MiB) on GPU 1", report.Holders(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "0 1 2")]
    [InlineData("", "0 1 2")]
    [InlineData("2,0", "2 0")]
    [InlineData("GPU-bb", "1")]
    [InlineData("7", "0 1 2")]
    public void A_server_sees_what_the_variable_leaves_in_its_order(string? list, string seen) =>
        Assert.Equal(seen, string.Join(' ', GpuProbe.Visible([Device("0", 1, 0) with { Id = "GPU-aaaa" }, Device("1", 1, 0) with { Id = "GPU-bbbb" }, Device("2", 1, 0) with { Id = "GPU-cccc" }], list).Select(d => d.Index)));

    private static GpuDevice Device(string id, long? total, long? used) => new(id, id, "GPU", total, used, null, null, null);
}
