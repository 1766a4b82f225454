using LiveClin.AppHost.Gpus;

namespace LiveClin.AppHost.Tests.Gpus;

public class GpuParsingTests
{
    [Fact]
    public void Names_with_commas_and_cells_without_values()
    {
        var (devices, warnings) =
            NvidiaSmi.Devices("0, GPU-1, NVIDIA H100, 80GB, 81559, 4, 0, 570.86.15, Default, 41\n1, GPU-2, GB10, [N/A], [N/A], [Not Supported], [N/A], Default, [N/A]\n");

        Assert.Equal(
        [
            new GpuDevice("GPU-1", "0", "NVIDIA H100, 80GB", 81559, 4, 0, "570.86.15", 41),
            new GpuDevice("GPU-2", "1", "GB10", null, null, null, null, null),
        ], devices);
        Assert.Empty(warnings);
        Assert.Equal(1, devices[1].FreeFraction);
    }

    [Theory]
    [InlineData("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.")]
    [InlineData("0, GPU-1, half a row")]
    public void Rows_that_cannot_be_read_are_warnings(string output)
    {
        var (devices, warnings) = NvidiaSmi.Devices(output);

        Assert.Empty(devices);
        Assert.Equal([output], warnings);
    }

    [Fact]
    public void A_lost_device_hides_no_other()
    {
        const string Lost = "Unable to determine the device handle for GPU1: 0000:86:00.0: GPU is lost.  Reboot the system to recover this GPU";

        var (devices, warnings) = NvidiaSmi.Devices($"0, GPU-1, NVIDIA H200, 143771, 0, 0, 570.86.15, Default, 30\n{Lost}\n");

        Assert.Equal("GPU-1", Assert.Single(devices).Id);
        Assert.Equal([Lost], warnings);
    }

    [Theory]
    [InlineData("[Unknown Error]", "ERR!")]
    [InlineData("0", "0")]
    [InlineData("143771", "ERR!")]
    public void An_error_is_not_free_memory(string total, string used)
    {
        var device = Assert.Single(NvidiaSmi.Devices($"1, GPU-2, NVIDIA H200, {total}, {used}, [Unknown Error], [N/A], [N/A], [N/A]")
            .Devices);

        Assert.Equal(0, device.FreeFraction);
        Assert.Contains("memory reads '", device.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_takes_no_program_is_not_free()
    {
        var device = Assert.Single(NvidiaSmi.Devices("0, GPU-1, NVIDIA H200, 143771, 0, 0, 570.86.15, Prohibited, 30").Devices);
        Assert.Equal((0, "its compute mode is 'Prohibited'"), (device.FreeFraction, device.Problem));
    }

    [Fact]
    public void Processes_whose_memory_is_hidden_still_count() =>
        Assert.Equal([new GpuProcess("GPU-1", "4711", 20000), new GpuProcess("GPU-1", "12", null)],
            NvidiaSmi.Processes("GPU-1, 4711, 20000\nGPU-1, 12, [N/A]\nNo running processes found\n"));

    [Theory]
    [InlineData("""{"gpu_data":[{"gpu":0,"mem_usage":{"total_vram":{"value":196592,"unit":"MB"},"used_vram":{"value":283,"unit":"MB"}},"usage":{"gfx_activity":{"value":3,"unit":"%"}},"temperature":{"edge":"N/A","hotspot":{"value":47,"unit":"C"}}}]}""")]
    [InlineData("""[{"gpu":0,"mem_usage":{"total_vram":{"value":196592,"unit":"MB"},"used_vram":{"value":283,"unit":"MB"}},"usage":{"gfx_activity":{"value":3,"unit":"%"}},"temperature":{"edge":"N/A","hotspot":{"value":47,"unit":"C"}}}]""")]
    [InlineData("""
        WARNING: user is not in the video group
        {"gpu_data":[{"gpu":0,"mem_usage":{"total_vram":{"value":196592,"unit":"MB"},"used_vram":{"value":283,"unit":"MB"}},"usage":{"gfx_activity":{"value":3,"unit":"%"}},"temperature":{"edge":"N/A","hotspot":{"value":47,"unit":"C"}}}]}
        """)]
    public void Amd_in_all_its_shapes(string output) =>
        Assert.Equal([new GpuDevice("0", "0", "AMD GPU", 196592, 283, 3, null, 47)], AmdSmi.Devices(output)!);

    [Theory]
    [InlineData("Unable to get devices, driver not initialized (amdgpu not found in modules)")]
    [InlineData("{\"gpu_data\":")]
    [InlineData("")]
    public void Amd_that_cannot_be_read_is_no_device(string output) => Assert.Null(AmdSmi.Devices(output));

    [Fact]
    public void Free_devices_are_those_with_enough_free_memory()
    {
        var report = new GpuReport([Device("0", 100, 5), Device("1", 100, 50), Device("2", null, null)], [new GpuProcess("1", "42", 50)],
            null);

        Assert.Equal(2, report.FreeDevices(0.9));
        Assert.Contains("process 42 (50 MiB) on GPU 1", report.Holders(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "0 1 2")]
    [InlineData("", "")]
    [InlineData("2,0", "2 0")]
    [InlineData("GPU-bb", "1")]
    [InlineData("7", "")]
    [InlineData("-1", "")]
    [InlineData("1,-1,0", "1")]
    [InlineData("MIG-377e0000-0000-0000-0000-000000000001", "MIG-377e0000-0000-0000-0000-000000000001")]
    public void A_server_sees_what_the_variable_leaves_in_its_order(string? list, string seen) =>
        Assert.Equal(seen, string.Join(' ',
            GpuProbe.Visible([Device("0", 1, 0) with { Id = "GPU-aaaa" }, Device("1", 1, 0) with { Id = "GPU-bbbb" },
            Device("2", 1, 0) with { Id = "GPU-cccc" }], list).Select(d => d.Index)));

    private static GpuDevice Device(string id, long? total, long? used) => new(id, id, "GPU", total, used, null, null, null);
}
