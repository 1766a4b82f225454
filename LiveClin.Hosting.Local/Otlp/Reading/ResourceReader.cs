using LiveClin.Hosting.Local.Otlp.Protocol;
using LiveClin.Hosting.Local.Otlp.Store;

namespace LiveClin.Hosting.Local.Otlp.Reading;

internal static class ResourceReader
{
    /// <summary>The sender, or null when there are more of them than the limit allows.</summary>
    public static TelemetryResource? Read(Resource? resource, ValueReader values, TelemetryStore store)
    {
        var attributes = resource is null ? [] : values.Attributes(resource.Attributes, out _);
        var name = attributes.Get("service.name") is { Length: > 0 } given ? given : "unknown_service";
        return store.Intern(new(name, attributes.Get("service.instance.id"), attributes));
    }
}
