using System.Text.Json;
using LiveClin.AppHost.Gpus;
using LiveClin.Testing;

namespace LiveClin.AppHost.Tests.Gpus;

/// <summary>
/// GPUs of public failure reports, where the shared folder lies beside the repository; what they stand for is in
/// <see cref="GpuParsingTests"/>.
/// </summary>
public sealed class ReportedGpusTests
{
    // What a case of the file must come to; a case that is not here fails, so that none is passed over.
    private static readonly Dictionary<string, Action<JsonElement>> Checks = new(StringComparer.Ordinal)
    {
        ["warning-lines"] = report =>
        {
            var (devices, warnings) = Read(report);
            Assert.Equal(["GPU-aaaa", "GPU-bbbb"], devices.Where(device => device.FreeFraction > 0.9).Select(device => device.Id));
            Assert.Contains("infoROM is corrupted", Assert.Single(warnings), StringComparison.Ordinal);
        },
        ["one-lost"] = report =>
        {
            var (devices, warnings) = Read(report);
            Assert.Equal("GPU-aaaa", Assert.Single(devices).Id);
            Assert.Contains("GPU is lost", Assert.Single(warnings), StringComparison.Ordinal);
        },
        ["memory-error"] = report =>
        {
            var broken = Read(report).Devices[1];
            Assert.Equal((0, true), (broken.FreeFraction, broken.Problem is { Length: > 0 }));
            Assert.Equal(0, new GpuReport(Read(report).Devices, [], null).FreeDevices(0.9));
        },
        ["scheduler-mig"] = report => Assert.Equal([Variable(report)], Seen(report)),
        ["scheduler-none"] = report => Assert.Empty(Seen(report)),
        ["scheduler-list-ends"] = report => Assert.Equal(["1"], Seen(report)),
    };

    [Fact]
    public async Task Each_comes_to_what_it_should()
    {
        using var reports = JsonDocument.Parse(
            await File.ReadAllTextAsync(SharedData.Path("cases", "gpus.json"), TestContext.Current.CancellationToken));
        foreach (var report in reports.RootElement.EnumerateArray()) Checks[report.GetProperty("name").GetString()!](report);
    }

    [Theory]
    [InlineData("GPU-ab1", "1")]
    [InlineData("GPU-ab", "")] // as CUDA reads it: of two devices it is neither
    [InlineData("GPU-cd,GPU-ab,0", "2")]
    public void The_beginning_of_an_identifier_stands_for_one_device_only(string list, string seen)
    {
        GpuDevice[] devices = [Device("0") with { Id = "GPU-ab0" }, Device("1") with { Id = "GPU-ab1" }, Device("2") with { Id = "GPU-cd2" }];
        Assert.Equal(seen, string.Join(',', GpuProbe.Visible(devices, list).Select(device => device.Index)));
    }

    // The reports' rows have index, name, identifier, total, used, free, use and temperature; this program asks for other columns.
    private static (IReadOnlyList<GpuDevice> Devices, IReadOnlyList<string> Warnings) Read(JsonElement report)
    {
        var lines = report.GetProperty("stdout").GetString()!.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            line.Split(", ") is [var index, var name, var id, var total, var used, _, var use, var temperature]
                ? $"{index}, {id}, {name}, {total}, {used}, {use}, 570.86.15, Default, {temperature}" : line);
        var (devices, warnings) = NvidiaSmi.Devices(string.Join('\n', lines) + "\n");
        return ([.. devices], [.. warnings]);
    }

    private static string Variable(JsonElement report) =>
        report.GetProperty("environment").GetProperty("CUDA_VISIBLE_DEVICES").GetString()!;

    private static IEnumerable<string> Seen(JsonElement report) =>
        GpuProbe.Visible([Device("0"), Device("1"), Device("2")], Variable(report)).Select(device => device.Index);

    private static GpuDevice Device(string index) => new($"GPU-{index}", index, "GPU", 1, 0, null, null, null);
}
