using LiveClin.Hosting.Local.Otlp.Store;

namespace LiveClin.Hosting.Local.Dashboard.Metrics;

/// <summary>A point of a line.</summary>
/// <param name="Time">UTC.</param>
/// <param name="Value">In the line's unit; NaN where nothing was measured.</param>
public readonly record struct ChartPoint(DateTime Time, double Value);

/// <summary>A line of a chart.</summary>
/// <param name="Name">What the legend says.</param>
/// <param name="Points">In order of time.</param>
public sealed record ChartLine(string Name, IReadOnlyList<ChartPoint> Points);

/// <summary>From kept totals to what people want to see: rates, and percentiles of what was measured between two points.</summary>
internal static class SeriesMath
{
    /// <summary>The values themselves.</summary>
    public static IReadOnlyList<ChartPoint> Values(MetricSeries series) => [.. series.Points.Select(p => new ChartPoint(p.Time, p.Value))];

    /// <summary>Growth per second between neighbouring points; a total that shrank was started anew.</summary>
    public static IReadOnlyList<ChartPoint> Rate(MetricSeries series, Func<MetricPoint, double> total)
    {
        List<ChartPoint> rates = [];
        for (var i = 1; i < series.Points.Count; i++)
        {
            var (from, to) = (series.Points[i - 1], series.Points[i]);
            var seconds = (to.Time - from.Time).TotalSeconds;
            if (seconds <= 0) continue;
            var growth = total(to) - total(from);
            rates.Add(new(to.Time, (growth < 0 ? total(to) : growth) / seconds));
        }

        return rates;
    }

    /// <summary>A percentile of what was measured between neighbouring points, over several series together.</summary>
    public static IReadOnlyList<ChartPoint> Percentile(IReadOnlyList<MetricSeries> all, double fraction)
    {
        var changes = all.SelectMany(Changes).OrderBy(c => c.Time).ToArray();
        List<ChartPoint> points = [];
        // Series of one sender are exported together: what falls into one second belongs to one point.
        foreach (var group in changes.GroupBy(c => c.Time.Ticks / TimeSpan.TicksPerSecond))
        {
            var value = Percentile([.. group], fraction);
            if (value is { } known) points.Add(new(group.Last().Time, known));
        }

        return points;
    }

    /// <summary>A percentile of everything measured since the start.</summary>
    public static double? TotalPercentile(IReadOnlyList<MetricSeries> all, double fraction) =>
        Percentile([.. all.Where(s => s.Points.Count > 0 && s.Points[^1].Buckets is not null).Select(s => new Change(s.Points[^1].Time, s.Points[^1].Bounds!, s.Points[^1].Buckets!))], fraction);

    private static double? Percentile(IReadOnlyList<Change> changes, double fraction)
    {
        // Only distributions with the same bounds can be added; the first one's decide.
        if (changes.Count == 0) return null;
        var bounds = changes[0].Bounds;
        var counts = new double[bounds.Length + 1];
        foreach (var change in changes.Where(c => c.Bounds.AsSpan().SequenceEqual(bounds)))
            for (var i = 0; i < counts.Length; i++) counts[i] += change.Buckets[i];

        var wanted = counts.Sum() * fraction;
        if (wanted <= 0) return null;
        double before = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            if (before + counts[i] < wanted)
            {
                before += counts[i];
                continue;
            }

            // Beyond the last bound nothing is known but that it is at least that.
            if (i == bounds.Length) return bounds.Length == 0 ? null : bounds[^1];
            var lower = i == 0 ? Math.Min(0, bounds[0]) : bounds[i - 1];
            return lower + (bounds[i] - lower) * ((wanted - before) / counts[i]);
        }

        return null;
    }

    private static IEnumerable<Change> Changes(MetricSeries series)
    {
        for (var i = 1; i < series.Points.Count; i++)
        {
            var (from, to) = (series.Points[i - 1], series.Points[i]);
            if (to.Buckets is null || to.Bounds is null) continue;
            var isContinued = from.Buckets is not null && from.Bounds is not null && to.Count >= from.Count && from.Bounds.AsSpan().SequenceEqual(to.Bounds);
            if (!isContinued)
            {
                yield return new(to.Time, to.Bounds, to.Buckets);
                continue;
            }

            if (to.Count <= from.Count) continue;
            yield return new(to.Time, to.Bounds, [.. to.Buckets.Select((c, b) => Math.Max(0, c - from.Buckets![b]))]);
        }
    }

    private sealed record Change(DateTime Time, double[] Bounds, double[] Buckets);
}
