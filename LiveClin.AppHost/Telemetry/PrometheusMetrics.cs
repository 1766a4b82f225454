using System.Globalization;
using LiveClin.AppHost.Telemetry.Protocol;

namespace LiveClin.AppHost.Telemetry;

/// <summary>
/// Makes OpenTelemetry's metrics of Prometheus' families: names stay, totals stay totals since the program's start, buckets are no longer
/// added up.
/// </summary>
internal static class PrometheusMetrics
{
    private const int Cumulative = 2;
    private const int MaximumBuckets = 1000;

    /// <summary>The metrics of a program.</summary>
    /// <param name="families">What it shows.</param>
    /// <param name="start">When it was started.</param>
    /// <param name="now">When it was read.</param>
    public static IEnumerable<Metric> Convert(IEnumerable<PrometheusFamily> families, DateTimeOffset start, DateTimeOffset now)
    {
        var (from, to) = (MetricsExporter.Nanoseconds(start), MetricsExporter.Nanoseconds(now));
        foreach (var family in families)
        {
            var metric = new Metric { Name = family.Name, Description = family.Help, Unit = Unit(family.Name) };
            switch (family.Type)
            {
                case "counter":
                    metric.Sum = new Sum
                    {
                        IsMonotonic = true,
                        AggregationTemporality = Cumulative,
                        DataPoints = { Numbers(family, from, to) },
                    };
                    break;
                case "histogram":
                    metric.Histogram = new Histogram
                    {
                        AggregationTemporality = Cumulative,
                        DataPoints = { Groups(family, "le").Select(g => Distribution(g, from, to)).OfType<HistogramDataPoint>() },
                    };
                    break;
                case "summary":
                    metric.Summary = new Summary { DataPoints = { Groups(family, "quantile").Select(g => Quantiles(g, from, to)) } };
                    break;
                // When a counter began is no news of its own.
                case "gauge" when family.Name.EndsWith("_created", StringComparison.Ordinal):
                    continue;
                default:
                    metric.Gauge = new Gauge { DataPoints = { Numbers(family, from, to) } };
                    break;
            }

            if ((metric.Sum?.DataPoints.Count ?? metric.Histogram?.DataPoints.Count ?? metric.Summary?.DataPoints.Count
                ?? metric.Gauge.DataPoints.Count) > 0) yield return metric;
        }
    }

    private static IEnumerable<NumberDataPoint> Numbers(PrometheusFamily family, ulong from, ulong to) =>
        family.Samples.Where(s => double.IsFinite(s.Value) && !s.Name.EndsWith("_created", StringComparison.Ordinal))
            .Select(s => new NumberDataPoint
            {
                StartTimeUnixNano = from,
                TimeUnixNano = to,
                AsDouble = s.Value,
                Attributes = { Attributes(s, null) },
            });

    private static IEnumerable<IGrouping<string, PrometheusSample>> Groups(PrometheusFamily family, string without) =>
        family.Samples.GroupBy(s =>
            string.Join('\u001f', s.Labels.Where(l => l.Key != without).Select(l => $"{l.Key}={l.Value}").Order(StringComparer.Ordinal)));

    private static HistogramDataPoint? Distribution(IEnumerable<PrometheusSample> parts, ulong from, ulong to)
    {
        var buckets = new SortedDictionary<double, double>();
        var point = new HistogramDataPoint { StartTimeUnixNano = from, TimeUnixNano = to };
        foreach (var part in parts)
        {
            if (point.Attributes.Count == 0) point.Attributes.Add(Attributes(part, "le"));
            if (part.Name.EndsWith("_sum", StringComparison.Ordinal) && double.IsFinite(part.Value)) point.Sum = part.Value;
            else if (part.Label("le") is { } text && Bound(text) is { } bound) buckets[bound] = part.Value;
        }

        if (buckets.Count is 0 or > MaximumBuckets || !buckets.ContainsKey(double.PositiveInfinity)) return null;
        var below = 0UL;
        foreach (var (bound, reached) in buckets)
        {
            // Totals that do not rise would be counts below nothing.
            var total = Math.Max(Count(reached), below);
            if (double.IsFinite(bound)) point.ExplicitBounds.Add(bound);
            point.BucketCounts.Add(total - below);
            below = total;
        }

        point.Count = below;
        return point;
    }

    private static SummaryDataPoint Quantiles(IEnumerable<PrometheusSample> parts, ulong from, ulong to)
    {
        var point = new SummaryDataPoint { StartTimeUnixNano = from, TimeUnixNano = to };
        foreach (var part in parts)
        {
            if (point.Attributes.Count == 0) point.Attributes.Add(Attributes(part, "quantile"));
            if (part.Name.EndsWith("_sum", StringComparison.Ordinal)) point.Sum = part.Value;
            else if (part.Name.EndsWith("_count", StringComparison.Ordinal)) point.Count = Count(part.Value);
            else if (part.Label("quantile") is { } text && Bound(text) is { } quantile)
                point.QuantileValues.Add(new SummaryDataPoint.Types.ValueAtQuantile { Quantile = quantile, Value = part.Value });
        }

        return point;
    }

    private static IEnumerable<KeyValue> Attributes(PrometheusSample sample, string? without) =>
        sample.Labels.Where(l => l.Key != without && l.Value.Length > 0).Select(l => MetricsExporter.Attribute(l.Key, l.Value));

    private static double? Bound(string text) => text is "+Inf" or "Inf" ? double.PositiveInfinity
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound) && double.IsFinite(bound) ? bound : null;

    // Exact up to 2^53, as the text has it.
    private static ulong Count(double value) => value is >= 0 and <= 9e15 ? (ulong)value : 0;

    private static string Unit(string name) => name.Replace("_total", "", StringComparison.Ordinal) switch
    {
        var n when n.EndsWith("_seconds", StringComparison.Ordinal) => "s",
        var n when n.EndsWith("_bytes", StringComparison.Ordinal) => "By",
        _ => "",
    };
}
