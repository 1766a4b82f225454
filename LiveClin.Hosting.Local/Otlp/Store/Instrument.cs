namespace LiveClin.Hosting.Local.Otlp.Store;

/// <summary>What kind of numbers an instrument yields.</summary>
public enum InstrumentKind
{
    /// <summary>A value that is sampled.</summary>
    Gauge,

    /// <summary>A total that only grows.</summary>
    Counter,

    /// <summary>A total that grows and shrinks.</summary>
    UpDownCounter,

    /// <summary>A distribution.</summary>
    Histogram,

    /// <summary>Quantiles computed by the sender.</summary>
    Summary,
}

/// <summary>Identifies an instrument of one sender.</summary>
/// <param name="Resource">The sender's name.</param>
/// <param name="Scope">The meter.</param>
/// <param name="Name">The instrument.</param>
public sealed record InstrumentKey(string Resource, string Scope, string Name);

/// <summary>An instrument as its sender describes it.</summary>
/// <param name="Key">Which one.</param>
/// <param name="Kind">What it yields.</param>
/// <param name="Unit">UCUM unit, may be empty.</param>
/// <param name="Description">May be empty.</param>
public sealed record Instrument(InstrumentKey Key, InstrumentKind Kind, string Unit, string Description);

/// <summary>One measurement; totals are since the sender's start.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Value">A gauge's value, a counter's total, a histogram's or summary's sum.</param>
/// <param name="Count">Measurements in a histogram or summary.</param>
/// <param name="Buckets">Measurements per bucket, or null; one more than <paramref name="Bounds"/>.</param>
/// <param name="Bounds">Upper bounds of all buckets but the last, or a summary's quantiles, or null.</param>
/// <param name="Quantiles">Values at a summary's quantiles, or null.</param>
public sealed record MetricPoint(DateTime Time, double Value, double Count = 0, double[]? Buckets = null, double[]? Bounds = null, double[]? Quantiles = null);

/// <summary>The points of an instrument under one set of attributes.</summary>
/// <param name="Attributes">The attributes, sorted by name.</param>
/// <param name="InstanceId">The sender's instance, or null.</param>
/// <param name="Points">In order of time.</param>
public sealed record MetricSeries(IReadOnlyList<TelemetryAttribute> Attributes, string? InstanceId, IReadOnlyList<MetricPoint> Points);

/// <summary>A point on its way into the store.</summary>
internal sealed record IncomingPoint(Instrument Instrument, TelemetryResource Resource, IReadOnlyList<TelemetryAttribute> Attributes, bool IsDelta, MetricPoint Point);
