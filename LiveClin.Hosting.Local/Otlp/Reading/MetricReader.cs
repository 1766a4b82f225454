using Google.Protobuf.Collections;
using LiveClin.Hosting.Local.Otlp.Protocol;
using LiveClin.Hosting.Local.Otlp.Store;

namespace LiveClin.Hosting.Local.Otlp.Reading;

/// <summary>Takes metric points as received into the store.</summary>
internal sealed class MetricReader(TelemetryStore store, ValueReader values)
{
    private const uint NoValueRecorded = 1;
    private const int MaxBuckets = 1024;
    private const int Delta = 1;

    public Rejection Add(ExportMetricsServiceRequest request)
    {
        List<IncomingPoint> points = [];
        var rejection = new Rejection();
        foreach (var resourceMetrics in request.ResourceMetrics)
        {
            var resource = ResourceReader.Read(resourceMetrics.Resource, values, store);
            foreach (var scopeMetrics in resourceMetrics.ScopeMetrics)
            {
                var scope = values.Name(scopeMetrics.Scope?.Name ?? "");
                foreach (var metric in scopeMetrics.Metrics)
                {
                    if (resource is null) rejection.Add(1, Rejection.TooManyResources);
                    else Read(metric, resource, scope, points, rejection);
                }
            }
        }

        store.Metrics.Add(points);
        store.CountRejected(rejection.Count);
        return rejection;
    }

    private void Read(Metric metric, TelemetryResource resource, string scope, List<IncomingPoint> points, Rejection rejection)
    {
        if (metric.Name.Length == 0 || metric.DataCase == Metric.DataOneofCase.None)
        {
            rejection.Add(1, "A metric needs a name and data of a known kind.");
            return;
        }

        var key = new InstrumentKey(resource.Name, scope, values.Name(metric.Name));
        Instrument Describe(InstrumentKind kind) => new(key, kind, values.Name(metric.Unit), values.Text(metric.Description));
        void Keep(Instrument instrument, RepeatedField<KeyValue> attributes, bool isDelta, MetricPoint? point)
        {
            if (point is null) rejection.Add(1, "A histogram needs one bucket more than it has bounds, at most 1024, and rising bounds.");
            else points.Add(new(instrument, resource, Sorted(attributes), isDelta, point));
        }

        switch (metric.DataCase)
        {
            case Metric.DataOneofCase.Gauge:
                var gauge = Describe(InstrumentKind.Gauge);
                foreach (var p in metric.Gauge.DataPoints)
                    if ((p.Flags & NoValueRecorded) == 0) Keep(gauge, p.Attributes, false, Number(p));
                break;
            case Metric.DataOneofCase.Sum:
                var sum = Describe(metric.Sum.IsMonotonic ? InstrumentKind.Counter : InstrumentKind.UpDownCounter);
                foreach (var p in metric.Sum.DataPoints)
                    if ((p.Flags & NoValueRecorded) == 0) Keep(sum, p.Attributes, metric.Sum.AggregationTemporality == Delta, Number(p));
                break;
            case Metric.DataOneofCase.Histogram:
                var histogram = Describe(InstrumentKind.Histogram);
                foreach (var p in metric.Histogram.DataPoints)
                    if ((p.Flags & NoValueRecorded) == 0) Keep(histogram, p.Attributes, metric.Histogram.AggregationTemporality == Delta, Distribution(p));
                break;
            case Metric.DataOneofCase.ExponentialHistogram:
                var exponential = Describe(InstrumentKind.Histogram);
                foreach (var p in metric.ExponentialHistogram.DataPoints)
                    if ((p.Flags & NoValueRecorded) == 0) Keep(exponential, p.Attributes, metric.ExponentialHistogram.AggregationTemporality == Delta, ExponentialBuckets.ToPoint(p, MaxBuckets));
                break;
            case Metric.DataOneofCase.Summary:
                var summary = Describe(InstrumentKind.Summary);
                foreach (var p in metric.Summary.DataPoints)
                    if ((p.Flags & NoValueRecorded) == 0) Keep(summary, p.Attributes, false, Quantiles(p));
                break;
        }
    }

    private static MetricPoint Number(NumberDataPoint p) =>
        new(ValueReader.Time(p.TimeUnixNano), p.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? p.AsInt : p.AsDouble);

    private static MetricPoint? Distribution(HistogramDataPoint p)
    {
        var time = ValueReader.Time(p.TimeUnixNano);
        if (p.BucketCounts.Count == 0) return new(time, p.Sum, p.Count);
        if (p.BucketCounts.Count != p.ExplicitBounds.Count + 1 || p.BucketCounts.Count > MaxBuckets) return null;
        for (var i = 1; i < p.ExplicitBounds.Count; i++)
            if (!(p.ExplicitBounds[i] > p.ExplicitBounds[i - 1])) return null;
        return new(time, p.Sum, p.Count, [.. p.BucketCounts.Select(c => (double)c)], [.. p.ExplicitBounds]);
    }

    private static MetricPoint Quantiles(SummaryDataPoint p)
    {
        var quantiles = p.QuantileValues.Take(MaxBuckets).OrderBy(q => q.Quantile).ToArray();
        return new(ValueReader.Time(p.TimeUnixNano), p.Sum, p.Count, null, [.. quantiles.Select(q => q.Quantile)], [.. quantiles.Select(q => q.Value)]);
    }

    private TelemetryAttribute[] Sorted(RepeatedField<KeyValue> attributes)
    {
        var read = values.Attributes(attributes, out _);
        Array.Sort(read, (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return read;
    }
}
