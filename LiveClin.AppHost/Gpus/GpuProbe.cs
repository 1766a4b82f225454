using System.ComponentModel;
using System.Diagnostics;

namespace LiveClin.AppHost.Gpus;

/// <summary>Asks the vendors' tools: nvidia-smi, then amd-smi. A failing tool or rows that cannot be read mean: not ready.</summary>
internal sealed class GpuProbe : IAsyncDisposable
{
    /// <summary>The variable that says which devices a server sees, and in which order; AMD's runtime knows it too.</summary>
    public const string VisibleVariable = "CUDA_VISIBLE_DEVICES";

    private const string Instance = "MIG-";

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
        // One that warns, or has lost a device, still shows the others.
        if (NvidiaSmi.Devices(nvidia.Output) is { Devices.Count: > 0 } found)
        {
            // Inside containers and under MIG this may be forbidden or empty; the devices' free memory decides anyway.
            var processes = await RunAsync(NvidiaSmi.Program, NvidiaSmi.ProcessQuery, cancellationToken);
            string[] warnings = nvidia.Ending is { } ending ? [.. found.Warnings, $"{NvidiaSmi.Program}: {ending}"] : [.. found.Warnings];
            return Report(found.Devices, NvidiaSmi.Processes(processes.Output)) with { Warnings = warnings };
        }

        var amd = await RunAsync(AmdSmi.Program, AmdSmi.DeviceQuery, cancellationToken);
        if (amd.Problem is null && AmdSmi.Devices(amd.Output) is { Count: > 0 } others) return Report(others, []);
        return GpuReport.None(
            $"No GPU was found ({NvidiaSmi.Program}: {nvidia.Problem ?? "no devices"}; {AmdSmi.Program}: {amd.Problem ?? "no devices"}).");
    }

    private static GpuReport Report(IReadOnlyList<GpuDevice> devices, IReadOnlyList<GpuProcess> processes)
    {
        var list = Environment.GetEnvironmentVariable(VisibleVariable);
        return Visible(devices, list) is { Count: > 0 } visible
            ? new GpuReport(visible, processes, null)
            : GpuReport.None($"{VisibleVariable}={list} leaves none of the {devices.Count} GPUs visible.");
    }

    /// <summary>
    /// The devices that the variable leaves, in its order, as CUDA reads it: the list ends at its first invalid entry. An instance of a
    /// device (MIG) that a scheduler has given is passed on as it is.
    /// </summary>
    public static IReadOnlyList<GpuDevice> Visible(IReadOnlyList<GpuDevice> devices, string? list)
    {
        if (list is null) return devices;
        var visible = new List<GpuDevice>();
        foreach (var entry in list.Split(',', StringSplitOptions.TrimEntries))
        {
            var device = entry.StartsWith(Instance, StringComparison.Ordinal)
                ? new GpuDevice(entry, entry, "a part of a GPU (MIG)", null, null, null, null, null)
                : devices.FirstOrDefault(d => entry == d.Index) ?? OfIdentifier(devices, entry);
            if (device is null) break;
            if (!visible.Contains(device)) visible.Add(device);
        }

        return visible;
    }

    // Its beginning will do where it is no other's.
    private static GpuDevice? OfIdentifier(IReadOnlyList<GpuDevice> devices, string entry) =>
        entry.Length > 4 && devices.Where(d => d.Id.StartsWith(entry, StringComparison.Ordinal)).ToList() is [var only] ? only : null;

    // Why it gave nothing, where it did, and how it ended, where not well.
    private static async Task<(string Output, string? Problem, string? Ending)> RunAsync(string program, string[] arguments,
        CancellationToken cancellationToken)
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
                if (process.ExitCode == 0) return (await output, null, null);
                var ending = $"exit code {process.ExitCode}{FirstLine(await errors)}";
                return (await output, $"exit code {process.ExitCode}{FirstLine(await errors + await output)}", ending);
            }
            finally
            {
                if (!process.HasExited) await KillAsync(process);
            }
        }
        catch (Win32Exception)
        {
            return ("", "not installed", null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ("", $"no answer within {Patience.TotalSeconds:0} s", null);
        }
    }

    private static string FirstLine(string said) =>
        said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var line, ..] ? $", {line}" : "";

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
