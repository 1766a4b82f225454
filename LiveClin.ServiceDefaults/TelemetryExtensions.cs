using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace LiveClin.ServiceDefaults;

/// <summary>Traces, metrics and logs; sent over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.</summary>
public static class TelemetryExtensions
{
    private const string OtlpEndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string GrpcAttributesKey = "OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_ENABLE_GRPC_INSTRUMENTATION";

    // The services' own sources and meters are named after their assemblies.
    private const string OwnSources = "LiveClin.*";
    private const string ModelCalls = "Experimental.Microsoft.Extensions.AI";
    private const string GrpcCalls = "Grpc.Net.Client";

    // The library's own buckets end at 82 s; a model that thinks may take half an hour.
    private static readonly double[] ModelCallBuckets =
        [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 60, 81.92, 120, 180, 300, 600, 900, 1800];

    /// <summary>Adds telemetry alone; for hosts without HTTP endpoints, such as commands.</summary>
    public static TBuilder AddTelemetry<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        // The gRPC attributes of server spans are behind a switch that the instrumentation reads from the configuration.
        if (builder.Configuration[GrpcAttributesKey] is null)
            builder.Configuration.AddInMemoryCollection([new(GrpcAttributesKey, "true")]);

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(OwnSources, ModelCalls)
                .AddView("gen_ai.client.operation.duration", new ExplicitBucketHistogramConfiguration { Boundaries = ModelCallBuckets }))
            .WithTracing(tracing => tracing
                .AddSource(builder.Environment.ApplicationName, OwnSources, ModelCalls, GrpcCalls)
                .AddAspNetCoreInstrumentation(options =>
                {
                    options.Filter = context => !IsHealthProbe(context.Request.Path);
                    // A page that is open says something with every move of the mouse; as traces that would bury the runs.
                    options.EnableAspNetCoreSignalRSupport = false;
                })
                .AddHttpClientInstrumentation());

        if (!string.IsNullOrWhiteSpace(builder.Configuration[OtlpEndpointKey])) telemetry.UseOtlpExporter();
        return builder;
    }

    // Probes come every few seconds and would bury everything else. gRPC's health service is such a probe too.
    private static bool IsHealthProbe(PathString path) =>
        path.StartsWithSegments(ServiceDefaultsExtensions.HealthPath, StringComparison.Ordinal)
        || path.StartsWithSegments(ServiceDefaultsExtensions.AlivePath, StringComparison.Ordinal)
        || path.StartsWithSegments("/grpc.health.v1.Health", StringComparison.Ordinal);
}
