namespace LiveClin.Evaluator.Models;

/// <summary>
/// Notices that a server answers ever more slowly: the mean of as many replies as are under way, against what was usual before. Twice as
/// long is ordinary (later turns are longer), more means that requests queue there. After Netflix's concurrency-limits (Gradient2). Not
/// thread-safe.
/// </summary>
internal sealed class LatencyTrend
{
    private const double Tolerance = 2;
    private const int FewestReplies = 20;
    private const double Drift = 0.1;

    private double _usual, _sum;
    private int _count;

    /// <summary>Takes a reply's latency; returns by how much the requests at a time should shrink, or null.</summary>
    /// <param name="seconds">The latency.</param>
    /// <param name="limit">Requests at a time.</param>
    public double? Take(double seconds, double limit)
    {
        _sum += seconds;
        if (++_count < Math.Max(FewestReplies, limit)) return null;
        var mean = _sum / _count;
        (_sum, _count) = (0, 0);
        if (_usual == 0) _usual = mean;
        var factor = _usual * Tolerance / mean;
        // What lasts becomes usual in time; what is faster than usual at once.
        _usual = mean < _usual ? (_usual + mean) / 2 : _usual + (Drift * (mean - _usual));
        return factor < 1 ? Math.Max(0.5, factor) : null;
    }
}
