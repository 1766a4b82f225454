using LiveClin.Hosting.Local.Otlp.Store;

namespace LiveClin.Hosting.Local.Dashboard.Metrics;

/// <summary>Bytes in the unit that people read: 79.6 GiB instead of 8.55e10 By. Everything else is shown in the unit in which it was sent.</summary>
internal static class ReadableUnit
{
    private static readonly string[] Units = ["By", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>The series in the largest unit in which the largest value is at least one.</summary>
    public static (string Unit, IReadOnlyList<MetricSeries> Series) Of(string unit, IReadOnlyList<MetricSeries> series)
    {
        if (unit != "By") return (unit, series);
        var most = series.SelectMany(s => s.Points).Select(p => Math.Abs(p.Value)).DefaultIfEmpty().Max();
        var steps = most < 1024 ? 0 : Math.Min((int)Math.Log(most, 1024), Units.Length - 1);
        var divisor = Math.Pow(1024, steps);
        return (Units[steps], steps == 0 ? series : [.. series.Select(s => s with { Points = [.. s.Points.Select(p => Divide(p, divisor))] })]);
    }

    private static MetricPoint Divide(MetricPoint point, double divisor) =>
        point with { Value = point.Value / divisor, Bounds = point.Quantiles is null ? Divide(point.Bounds, divisor) : point.Bounds, Quantiles = Divide(point.Quantiles, divisor) };

    private static double[]? Divide(double[]? values, double divisor) => values is null ? null : [.. values.Select(v => v / divisor)];
}
