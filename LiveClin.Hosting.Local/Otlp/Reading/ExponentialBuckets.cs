using LiveClin.Hosting.Local.Otlp.Protocol;
using LiveClin.Hosting.Local.Otlp.Store;

namespace LiveClin.Hosting.Local.Otlp.Reading;

/// <summary>Writes an exponential histogram as one with explicit bounds, which is what charts and percentiles need.</summary>
internal static class ExponentialBuckets
{
    /// <summary>The point, or null when it has more buckets than allowed or a scale outside the protocol's range.</summary>
    public static MetricPoint? ToPoint(ExponentialHistogramDataPoint p, int maxBuckets)
    {
        var positive = p.Positive?.BucketCounts.Count ?? 0;
        var negative = p.Negative?.BucketCounts.Count ?? 0;
        if (positive + negative + 3 > maxBuckets || p.Scale is < -10 or > 20) return null;

        double Bound(int index) => Math.Pow(2, index * Math.Pow(2, -p.Scale));
        List<double> bounds = [];
        List<double> counts = [];
        void Add(double upperBound, double count)
        {
            // Bounds beyond what a double holds collapse; their measurements go into the neighbouring bucket.
            if (bounds.Count > 0 && !(upperBound > bounds[^1])) counts[^1] += count;
            else if (double.IsFinite(upperBound)) (_, _) = (Push(bounds, upperBound), Push(counts, count));
            else if (counts.Count > 0) counts[^1] += count;
        }

        if (negative > 0)
        {
            Add(-Bound(p.Negative!.Offset + negative), 0);
            for (var i = negative - 1; i >= 0; i--) Add(-Bound(p.Negative.Offset + i), p.Negative.BucketCounts[i]);
        }

        if (p.ZeroCount > 0 || negative > 0) Add(0, p.ZeroCount);
        if (positive > 0)
        {
            Add(Bound(p.Positive!.Offset), 0);
            for (var i = 0; i < positive; i++) Add(Bound(p.Positive.Offset + i + 1), p.Positive.BucketCounts[i]);
        }

        counts.Add(0);
        return new(ValueReader.Time(p.TimeUnixNano), p.Sum, p.Count, [.. counts], [.. bounds]);
    }

    private static int Push(List<double> list, double value)
    {
        list.Add(value);
        return list.Count;
    }
}
