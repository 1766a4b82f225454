using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestration;

/// <summary>The variables that make a process send its telemetry to the dashboard.</summary>
internal static class TelemetryVariables
{
    /// <summary>Configuration key of the dashboard's OTLP endpoint over gRPC.</summary>
    public const string GrpcEndpointKey = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";

    /// <summary>Configuration key of its OTLP endpoint over HTTP.</summary>
    public const string HttpEndpointKey = "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL";

    /// <summary>Configuration key of the key that its receivers want.</summary>
    public const string ApiKeyKey = "AppHost:OtlpApiKey";

    public static void Add(Dictionary<string, object> variables, IResource resource, IConfiguration configuration, IHostEnvironment environment)
    {
        var (endpoint, protocol) = configuration[GrpcEndpointKey] is { Length: > 0 } grpc ? (grpc, "grpc") : (configuration[HttpEndpointKey], "http/protobuf");
        if (string.IsNullOrEmpty(endpoint)) return; // no dashboard, nobody to send to
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol;
        variables["OTEL_SERVICE_NAME"] = resource.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 4))}";
        if (configuration[ApiKeyKey] is { Length: > 0 } key) variables["OTEL_EXPORTER_OTLP_HEADERS"] = new Secret($"x-otlp-api-key={key}");
        if (!environment.IsDevelopment()) return;
        variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
        variables["OTEL_TRACES_SAMPLER"] = "always_on";
        variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        variables["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true";
    }
}

/// <summary>A text that must not be shown.</summary>
internal sealed record Secret(string Value) : IValueProvider
{
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Value);
}
