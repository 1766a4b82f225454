namespace LiveClin.AppHost;

/// <summary>What the services have in common.</summary>
internal static class ServiceExtensions
{
    /// <summary>Two endpoints, as in the services' settings: <c>http</c> (HTTP/1.1: pages, JSON, health) and <c>grpc</c> (HTTP/2), on ports that are allocated here.</summary>
    public static IResourceBuilder<ProjectResource> WithServiceEndpoints(this IResourceBuilder<ProjectResource> service) => service
        .WithEndpoint("http", endpoint => (endpoint.UriScheme, endpoint.Transport, endpoint.Port) = ("http", "http", null))
        .WithEndpoint("grpc", endpoint => (endpoint.UriScheme, endpoint.Transport, endpoint.Port) = ("http", "http2", null))
        .WithHttpHealthCheck("/health", endpointName: "http");
}
