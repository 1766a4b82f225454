namespace LiveClin.Hosting.Local.Otlp.Store;

/// <summary>A name and a value as sent; values that are not text are written in the invariant culture, lists and maps as JSON.</summary>
/// <param name="Key">The attribute's name.</param>
/// <param name="Value">The attribute's value as text.</param>
public readonly record struct TelemetryAttribute(string Key, string Value);

/// <summary>The process that sent telemetry.</summary>
/// <param name="Name"><c>service.name</c>.</param>
/// <param name="InstanceId"><c>service.instance.id</c>, or null.</param>
/// <param name="Attributes">All attributes of the resource.</param>
public sealed record TelemetryResource(string Name, string? InstanceId, IReadOnlyList<TelemetryAttribute> Attributes);

/// <summary>Lookups in short attribute lists.</summary>
public static class TelemetryAttributes
{
    /// <summary>The first value under this name, or null.</summary>
    public static string? Get(this IReadOnlyList<TelemetryAttribute> attributes, string key)
    {
        for (var i = 0; i < attributes.Count; i++)
            if (attributes[i].Key == key) return attributes[i].Value;
        return null;
    }

    /// <summary>Estimated bytes of memory that these attributes hold.</summary>
    internal static int EstimateBytes(this IReadOnlyList<TelemetryAttribute> attributes)
    {
        var bytes = 24;
        // Keys are pooled, so only the reference counts; a value is a string of UTF-16.
        for (var i = 0; i < attributes.Count; i++) bytes += 40 + 2 * attributes[i].Value.Length;
        return bytes;
    }
}
