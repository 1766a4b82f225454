using System.ComponentModel;
using System.Diagnostics;

namespace LiveClin.AppHost.Gpus;

/// <summary>Asks the vendors' tools: nvidia-smi, then amd-smi. A failing tool or rows that cannot be read mean: not ready.</summary>
internal sealed class GpuProbe : IAsyncDisposable
{
    /// <summary>The variable that says which devices a server sees, and in which order; AMD's runtime knows it too.</summary>
    public const string VisibleVariable = "CUDA_VISIBLE_DEVICES";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(2);

    // One question at a time: where a driver hangs, no second tool hangs beside the first.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _ended = new();

    /// <summary>What the machine has now.</summary>
    public async Task<GpuReport> ReadAsync(CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        await _turn.WaitAsync(linked.Token);
        try
        {
            return await AskAsync(linked.Token);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the tool that is running, and waits until it is gone: nothing outlives the app host.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _turn.WaitAsync();
    }

    private static async Task<GpuReport> AskAsync(CancellationToken cancellationToken)
    {
        var nvidia = await RunAsync(NvidiaSmi.Program, NvidiaSmi.DeviceQuery, cancellationToken);
        if (nvidia.Output is { } csv && NvidiaSmi.Devices(csv) is { Count: > 0 } devices)
        {
            // Inside containers and under MIG this may be forbidden or empty; the devices' free memory decides anyway.
            var processes = await RunAsync(NvidiaSmi.Program, NvidiaSmi.ProcessQuery, cancellationToken);
            return new GpuReport(Visible(devices, Environment.GetEnvironmentVariable(VisibleVariable)), NvidiaSmi.Processes(processes.Output ?? ""), null);
        }

        var amd = await RunAsync(AmdSmi.Program, AmdSmi.DeviceQuery, cancellationToken);
        if (amd.Output is { } json && AmdSmi.Devices(json) is { Count: > 0 } others) return new GpuReport(Visible(others, Environment.GetEnvironmentVariable(VisibleVariable)), [], null);
        return GpuReport.None($"No GPU was found ({NvidiaSmi.Program}: {nvidia.Problem ?? "no devices"}; {AmdSmi.Program}: {amd.Problem ?? "no devices"}).");
    }

    /// <summary>The devices that the variable leaves, in its order: the others are hidden from every server that inherits it.</summary>
    public static IReadOnlyList<GpuDevice> Visible(IReadOnlyList<GpuDevice> devices, string? list)
    {
        if (string.IsNullOrWhiteSpace(list)) return devices;
        var wanted = list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var visible = wanted.Select(w => devices.FirstOrDefault(d => w == d.Index || (w.Length > 4 && d.Id.StartsWith(w, StringComparison.Ordinal)))).OfType<GpuDevice>().Distinct().ToList();
        return visible.Count > 0 ? visible : devices;
    }

    private static async Task<(string? Output, string? Problem)> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var process = Process.Start(start)!;
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(patience.Token);
                var errors = process.StandardError.ReadToEndAsync(patience.Token);
                await process.WaitForExitAsync(patience.Token);
                if (process.ExitCode == 0) return (await output, null);
                var said = (await errors + await output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                return (null, $"exit code {process.ExitCode}{(said.Length > 0 ? $", {said[0]}" : "")}");
            }
            finally
            {
                if (!process.HasExited) await KillAsync(process);
            }
        }
        catch (Win32Exception)
        {
            return (null, "not installed");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"no answer within {Patience.TotalSeconds:0} s");
        }
    }

    private static async Task KillAsync(Process process)
    {
        process.Kill(entireProcessTree: true);
        try
        {
            await process.WaitForExitAsync().WaitAsync(KillPatience);
        }
        catch (TimeoutException)
        {
            // It hangs in the driver; the kernel ends it when the driver lets go.
        }
    }
}
