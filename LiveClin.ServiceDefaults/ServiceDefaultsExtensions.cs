using LiveClin.ServiceDefaults.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace LiveClin.ServiceDefaults;

/// <summary>What every service of this solution shares: telemetry, health, service discovery.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Path that answers 200 when the service and everything it needs are healthy.</summary>
    public const string HealthPath = "/health";

    /// <summary>Path that answers 200 as long as the process serves requests.</summary>
    public const string AlivePath = "/alive";

    private const string LiveTag = "live";

    /// <summary>
    /// Adds telemetry, the <c>self</c> health check, and service discovery for every <see cref="HttpClient"/> of the factory.
    /// </summary>
    /// <remarks>
    /// No resilience handler is added: it would cut model calls after seconds and send them again. Retries are the model client's own.
    /// </remarks>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddTelemetry();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        builder.Services.AddConnectionLimits();
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
        return builder;
    }

    /// <summary>
    /// Maps <see cref="HealthPath"/> and <see cref="AlivePath"/>; in every environment, because all services listen on loopback only.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks(HealthPath, new HealthCheckOptions { ResponseWriter = WriteAsync });
        app.MapHealthChecks(AlivePath, new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) });
        return app;
    }

    // One word where all is well, as Kubernetes and people expect it; otherwise a line for each part that is not.
    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        var parts = report.Entries.Where(part => part.Value.Status != HealthStatus.Healthy)
            .Select(part => $"\n{part.Key}: {part.Value.Description ?? part.Value.Status.ToString()}");
        return context.Response.WriteAsync(report.Status + string.Concat(parts), context.RequestAborted);
    }
}
