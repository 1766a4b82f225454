using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost;

/// <summary>What the services have in common.</summary>
internal static class ServiceExtensions
{
    /// <summary>Two endpoints, as in the services' settings: <c>http</c> (HTTP/1.1: pages, JSON, health) and <c>grpc</c> (HTTP/2), on ports that are allocated here.</summary>
    public static IResourceBuilder<ProjectResource> WithServiceEndpoints(this IResourceBuilder<ProjectResource> service) => service
        .WithEndpoint("http", endpoint => (endpoint.UriScheme, endpoint.Transport, endpoint.Port) = ("http", "http", null))
        .WithEndpoint("grpc", endpoint => (endpoint.UriScheme, endpoint.Transport, endpoint.Port) = ("http", "http2", null))
        // Published, Aspire adds https before whichever is first by name; the pages are meant.
        .WithEndpoint("https", endpoint => endpoint.TargetPort = service.Resource.Annotations.OfType<EndpointAnnotation>().First(e => e.Name == "http").TargetPort, createIfNotExists: false)
        .WithHttpHealthCheck("/health", endpointName: "http")
        // Charts of a run want more than the usual one point a minute; Aspire sees to that in development only.
        .WithEnvironment("OTEL_METRIC_EXPORT_INTERVAL", "2000");

    /// <summary>Hands the models' names and prices on to a service, which keeps its own settings elsewhere; nothing else of them, and no keys.</summary>
    public static IResourceBuilder<ProjectResource> WithModelPrices(this IResourceBuilder<ProjectResource> service, IConfiguration configuration)
    {
        foreach (var model in configuration.GetSection("LiveClin:Models").GetChildren())
        {
            var prices = model.GetSection("Price").GetChildren().Where(price => price.Value is not null).ToList();
            if (prices.Count == 0 || model["Name"] is not { } name) continue;
            var prefix = $"LiveClin__Models__{model.Key}__";
            service.WithEnvironment(prefix + "Name", name);
            foreach (var price in prices) service.WithEnvironment($"{prefix}Price__{price.Key}", price.Value);
        }

        return service;
    }
}
