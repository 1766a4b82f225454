using LiveClin.AppHost.Settings;
using Microsoft.Extensions.Logging;

namespace LiveClin.AppHost.Gpus;

/// <summary>Lets a model server start when its devices are there and their memory is free.</summary>
internal sealed class GpuGate(GpuProbe probe, GpuResource gpus, SweepSettings settings)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Waits for the devices that a model needs.</summary>
    /// <returns>Null, or why the model cannot run here.</returns>
    public async Task<string?> WaitAsync(ModelSettings model, ILogger log, CancellationToken cancellationToken)
    {
        var needed = model.NeededGpus;
        var report = await probe.ReadAsync(cancellationToken);
        // llama.cpp runs on the CPU where there is nothing else.
        if (needed == 0 || (model.Server == ServerKind.LlamaCpp && report.Problem is not null)) return null;
        if (report.Problem is not null) return report.Problem;
        if (report.Devices.Count < needed)
            return $"The model needs {needed} GPUs (tp {model.Tp} × dp {model.Dp} × pp {model.Pp}), and {report.Devices.Count} are there. Lower Tp, Dp or Pp.";
        gpus.Needed = needed;
        var until = TimeProvider.System.GetTimestamp();
        while (report.FreeDevices(settings.GpuFreeFraction) < needed)
        {
            if (TimeProvider.System.GetElapsedTime(until) > settings.GpuTimeout)
            {
                GpuLog.StillHeld(log, needed, settings.GpuFreeFraction, settings.GpuTimeout, report.Holders());
                return null;
            }

            await Task.Delay(Interval, cancellationToken);
            report = await probe.ReadAsync(cancellationToken);
        }

        return null;
    }
}

internal static partial class GpuLog
{
    [LoggerMessage(EventName = "GpuMemoryStillHeld", Level = LogLevel.Warning, Message = "After {Timeout}, {Needed} GPUs with {Fraction:P0} of their memory free are still not there; the server is started all the same. {Holders}")]
    public static partial void StillHeld(ILogger logger, int needed, double fraction, TimeSpan timeout, string holders);
}
