namespace LiveClin.Hosting.Local.Dashboard.Traces;

/// <summary>Addresses of traces and spans; ids are hexadecimal digits by the time they are stored.</summary>
internal static class TraceLinks
{
    public static string To(string traceId, string? spanId) => spanId is null ? $"/traces/{traceId}" : $"/traces/{traceId}?span={spanId}";
}
