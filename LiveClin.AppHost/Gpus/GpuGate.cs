using System.Collections.Concurrent;
using System.Globalization;
using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Settings;
using LiveClin.AppHost.Sweep;
using Microsoft.Extensions.Logging;

namespace LiveClin.AppHost.Gpus;

/// <summary>
/// Lets a model server start when its devices are there, no other server's, and their memory is free, and says which it is to take.
/// </summary>
internal sealed class GpuGate(GpuProbe probe, GpuResource gpus, Seats seats, SweepSettings settings)
{
    // What a driver counts differently from one look to the next.
    private const double NoisePart = 0.01;
    private const string Processor = "processor", OtherNodes = "other nodes";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, bool> _warned = new(StringComparer.Ordinal);

    /// <summary>Waits for the devices that a model needs, and gives them to its server until it <see cref="Leave"/>s them.</summary>
    /// <returns>Null, or why the model cannot run here.</returns>
    public async Task<string?> WaitAsync(ManagedServerResource server, ILogger log, CancellationToken cancellationToken)
    {
        var model = server.Model;
        var needed = model.NeededGpus;
        (server.VisibleDevices, server.Devices) = (null, null);
        var report = await ReadAsync(model, cancellationToken);
        // llama.cpp runs on the CPU where there is nothing else, unless its settings say how many GPUs it is to have.
        if (needed == 0 || (model is { Server: ServerKind.LlamaCpp, Gpus: null } && report.Problem is not null))
        {
            while (!seats.TryTake(server, [Processor, .. MoreSeatsOf(model)])) await Task.Delay(Interval, cancellationToken);
            return null;
        }

        if (report.Problem is not null) return report.Problem;
        foreach (var warning in report.Warnings.Where(warning => _warned.TryAdd(warning, true)))
            GpuLog.Warned(log, SweepText.Safe(warning));
        if (report.Devices.Count < needed) return TooFew(model, report.Devices.Count);
        try
        {
            await WaitForDevicesAsync(server, report, log, cancellationToken);
            return null;
        }
        finally
        {
            // From now on it is the server that fills them, and nothing is wrong with that.
            gpus.Needed = 0;
        }
    }

    /// <summary>Gives back what the server had; it has ended.</summary>
    public void Leave(ManagedServerResource server) => seats.Leave(server);

    /// <summary>
    /// Waits until the memory of a server that has ended is back: drivers free it some time after the last process is gone.
    /// </summary>
    public async Task WaitForReturnAsync(ManagedServerResource server, ILogger log, CancellationToken cancellationToken)
    {
        if (server.Devices is not { } before) return;
        for (var begin = TimeProvider.System.GetTimestamp(); ; await Task.Delay(Interval, cancellationToken))
        {
            var report = await probe.ReadAsync(cancellationToken);
            if (before.All(then => report.Devices.FirstOrDefault(d => d.Id == then.Id) is not { } now || IsBack(then, now))) break;
            if (TimeProvider.System.GetElapsedTime(begin) <= settings.GpuTimeout) continue;
            GpuLog.NotReturned(log, server.Name, settings.GpuTimeout, report.Holders());
            break;
        }

        server.Devices = null;
    }

    // As it was before, or free: what others have taken meanwhile within those bounds is theirs.
    private bool IsBack(GpuDevice then, GpuDevice now) =>
        now.FreeFraction >= settings.GpuFreeFraction || now.UsedMiB is not { } used || used <= then.UsedMiB + (now.TotalMiB * NoisePart);

    private async Task WaitForDevicesAsync(ManagedServerResource server, GpuReport report, ILogger log, CancellationToken cancellationToken)
    {
        var model = server.Model;
        for (var begin = TimeProvider.System.GetTimestamp(); ; report = await ReadAsync(model, cancellationToken))
        {
            var left = Candidates(report, model).Where(device => !seats.IsTaken(device.Id, server)).ToList();
            var isFull = left.Count < model.NeededGpus || MoreSeatsOf(model).Any(seat => seats.IsTaken(seat, server));
            // What our own servers hold comes back when they are done, however long that takes, and nothing is wrong with it.
            if (isFull) begin = TimeProvider.System.GetTimestamp();
            gpus.Needed = isFull ? 0 : model.NeededGpus;
            var free = left.Where(device => device.FreeFraction >= settings.GpuFreeFraction).Take(model.NeededGpus).ToList();
            if (!isFull && free.Count == model.NeededGpus && Take(server, free, report)) return;
            if (!isFull && TimeProvider.System.GetElapsedTime(begin) > settings.GpuTimeout
                && Take(server, [.. left.Take(model.NeededGpus)], report))
            {
                GpuLog.StillHeld(log, model.NeededGpus, settings.GpuFreeFraction, settings.GpuTimeout, report.Holders());
                return;
            }

            await Task.Delay(Interval, cancellationToken);
        }
    }

    private bool Take(ManagedServerResource server, List<GpuDevice> chosen, GpuReport report)
    {
        if (!seats.TryTake(server, [.. chosen.Select(device => device.Id), .. MoreSeatsOf(server.Model)])) return false;
        // All of them are what the server sees anyway.
        if (!SetsVisible(server.Model) && chosen.Count < report.Devices.Count)
            server.VisibleDevices = string.Join(',', chosen.Select(device => device.Index));
        server.Devices = chosen;
        return true;
    }

    private async Task<GpuReport> ReadAsync(ModelSettings model, CancellationToken cancellationToken)
    {
        var report = await probe.ReadAsync(cancellationToken);
        return SetsVisible(model)
            ? report with { Devices = GpuProbe.Visible(report.Devices, model.Environment[GpuProbe.VisibleVariable]) } : report;
    }

    // A server takes the first devices that it sees: if the settings say which those are, it must be these; else it is shown free ones.
    private static IEnumerable<GpuDevice> Candidates(GpuReport report, ModelSettings model) =>
        SetsVisible(model) ? report.Devices.Take(model.NeededGpus) : report.Devices;

    // What a list has left out is found nowhere else.
    private static string TooFew(ModelSettings model, int there)
    {
        const string Variable = GpuProbe.VisibleVariable;
        var inherited = Environment.GetEnvironmentVariable(Variable);
        var process = inherited is null ? "" : $" of those that this process has ({Variable}={SweepText.Safe(inherited)})";
        var seen = SetsVisible(model)
            ? $"its Environment ({Variable}={SweepText.Safe(model.Environment[Variable])}) leaves it {there}{process}"
            : inherited is null ? $"{there} are there" : $"{Variable}={SweepText.Safe(inherited)} leaves {there}";
        return $"The model needs {NeedOf(model)}, and {seen}. Lower Tp, Dp or Pp{(SetsVisible(model) || inherited is not null ? ", or change the list" : "")}.";
    }

    private static string NeedOf(ModelSettings model) => model.Nodes == 1
        ? $"{model.NeededGpus} GPU{(model.NeededGpus == 1 ? "" : "s")} (tp {model.Tp} × dp {model.Dp} × pp {model.Pp})"
        : $"{model.NeededGpus} GPUs of each of {model.Nodes} nodes (tp {model.Tp} × pp {model.Pp})";

    // Nothing is known here of the other nodes' devices: one server at a time has them.
    private static IEnumerable<string> MoreSeatsOf(ModelSettings model) =>
    [
        .. model.Port is { } port ? (string[])[string.Create(CultureInfo.InvariantCulture, $"port {port}")] : [],
        .. model.Nodes > 1 ? (string[])[OtherNodes] : [],
    ];

    private static bool SetsVisible(ModelSettings model) => model.Environment.ContainsKey(GpuProbe.VisibleVariable);
}

internal static partial class GpuLog
{
    [LoggerMessage(EventName = "GpuWarning", Level = LogLevel.Warning, Message = "The GPUs' tool warns: {Warning}")]
    public static partial void Warned(ILogger logger, string warning);

    [LoggerMessage(EventName = "GpuMemoryStillHeld", Level = LogLevel.Warning,
        Message = "After {Timeout}, {Needed} GPUs with {Fraction:P0} of their memory free are still not there; the server is started all the same. {Holders}")]
    public static partial void StillHeld(ILogger logger, int needed, double fraction, TimeSpan timeout, string holders);

    [LoggerMessage(EventName = "GpuMemoryNotReturned", Level = LogLevel.Warning,
        Message = "{Server} has ended, and {Timeout} later its GPU memory is still not free. {Holders}")]
    public static partial void NotReturned(ILogger logger, string server, TimeSpan timeout, string holders);
}
