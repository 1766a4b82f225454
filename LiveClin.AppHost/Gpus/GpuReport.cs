namespace LiveClin.AppHost.Gpus;

/// <summary>One device.</summary>
/// <param name="Id">Its UUID, which does not change when the machine is started again; its index where there is none.</param>
/// <param name="Index">Its index, as in CUDA_VISIBLE_DEVICES.</param>
/// <param name="Name">Its product name.</param>
/// <param name="TotalMiB">Its memory in MiB; null when the tool does not say.</param>
/// <param name="UsedMiB">Memory in use, in MiB.</param>
/// <param name="UtilizationPercent">How busy it is.</param>
/// <param name="Driver">Version of its driver.</param>
/// <param name="Celsius">Its temperature.</param>
internal sealed record GpuDevice(string Id, string Index, string Name, long? TotalMiB, long? UsedMiB, int? UtilizationPercent,
    string? Driver, int? Celsius)
{
    /// <summary>Why no server is to be given it; null when nothing speaks against it.</summary>
    public string? Problem { get; init; }

    /// <summary>Part of its memory that is free, 0 to 1; a device that does not say counts as free, a broken one does not.</summary>
    public double FreeFraction => Problem is not null ? 0 : TotalMiB is > 0 && UsedMiB is { } used ? 1 - (double)used / TotalMiB.Value : 1;
}

/// <summary>A process that uses a device.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="Pid">The process; the host's number inside containers.</param>
/// <param name="UsedMiB">Its memory on the device, in MiB; null when the tool does not say.</param>
internal sealed record GpuProcess(string DeviceId, string Pid, long? UsedMiB);

/// <summary>What the vendor's tool says of this machine.</summary>
/// <param name="Devices">The devices; none with a <paramref name="Problem"/>.</param>
/// <param name="Processes">What runs on them, where that can be seen.</param>
/// <param name="Problem">Why there are no devices.</param>
internal sealed record GpuReport(IReadOnlyList<GpuDevice> Devices, IReadOnlyList<GpuProcess> Processes, string? Problem)
{
    /// <summary>What the tool says besides: warnings, and devices that are lost.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public static GpuReport None(string problem) => new([], [], problem);

    /// <summary>Devices with at least this part of their memory free.</summary>
    public int FreeDevices(double fraction) => Devices.Count(d => d.FreeFraction >= fraction);

    /// <summary>Who holds memory, in words.</summary>
    public string Holders()
    {
        var devices = Devices.Where(d => d.UsedMiB > 0 || d.Problem is not null)
            .Select(d => $"GPU {d.Index}: {d.Problem ?? $"{d.UsedMiB} of {d.TotalMiB} MiB used"}");
        var processes = Processes.Select(p =>
            $"process {p.Pid}{(p.UsedMiB is { } used ? $" ({used} MiB)" : "")} on GPU {Devices.FirstOrDefault(d => d.Id == p.DeviceId)?.Index ?? p.DeviceId}");
        var text = string.Join("; ", devices.Concat(processes));
        return text.Length > 0 ? text : "the tool does not say who holds it";
    }
}
