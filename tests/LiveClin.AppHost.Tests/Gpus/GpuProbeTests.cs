using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using LiveClin.AppHost.Gpus;
using LiveClin.AppHost.Tests.Sweep;
using LiveClin.Testing;

namespace LiveClin.AppHost.Tests.Gpus;

[Collection(InProcess.Name)]
public sealed class GpuProbeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_tool_that_hangs_ends_with_the_app_host()
    {
        var note = _folder["hangs"];
        AppHostInProcess.UseDoubles(new FakeGpus(_folder.FullName).Write(new JsonObject { ["hang"] = note }));
        var probe = new GpuProbe();
        var report = probe.ReadAsync(TestContext.Current.CancellationToken);
        while (!File.Exists(note)) await Task.Delay(20, TestContext.Current.CancellationToken);
        using var tool = Process.GetProcessById(int.Parse(File.ReadAllText(note), CultureInfo.InvariantCulture));

        await probe.DisposeAsync();
        Assert.True(tool.HasExited);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => report);
    }
}
