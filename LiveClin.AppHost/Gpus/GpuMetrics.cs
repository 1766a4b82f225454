using LiveClin.AppHost.Telemetry;
using LiveClin.AppHost.Telemetry.Protocol;

namespace LiveClin.AppHost.Gpus;

/// <summary>The devices as metrics, named as OpenTelemetry's conventions for hardware have it.</summary>
internal static class GpuMetrics
{
    private const double BytesPerMiB = 1 << 20;

    public static IEnumerable<Metric> Of(GpuReport report, DateTimeOffset now) => ((Metric[])
    [
        Gauge("hw.gpu.utilization", "1", "Part of the time in which the device was busy.", report, now, d => d.UtilizationPercent / 100.0),
        Gauge("hw.gpu.memory.usage", "By", "Memory in use.", report, now, d => d.UsedMiB * BytesPerMiB),
        Gauge("hw.gpu.memory.free", "By", "Memory that is free.", report, now, d => (d.TotalMiB - d.UsedMiB) * BytesPerMiB),
        Gauge("hw.temperature", "Cel", "The device's temperature.", report, now, d => d.Celsius),
    ]).Where(m => m.Gauge.DataPoints.Count > 0);

    private static Metric Gauge(string name, string unit, string description, GpuReport report, DateTimeOffset now,
        Func<GpuDevice, double?> value)
    {
        var metric = new Metric { Name = name, Unit = unit, Description = description, Gauge = new Gauge() };
        foreach (var device in report.Devices)
        {
            if (value(device) is not { } measured) continue;
            metric.Gauge.DataPoints.Add(new NumberDataPoint
            {
                TimeUnixNano = MetricsExporter.Nanoseconds(now),
                AsDouble = measured,
                Attributes = { MetricsExporter.Attribute("hw.id", device.Id), MetricsExporter.Attribute("hw.name", $"GPU {device.Index}"),
                    MetricsExporter.Attribute("hw.model", device.Name) },
            });
        }

        return metric;
    }
}
