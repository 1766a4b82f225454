using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Declares an endpoint.</summary>
    public static IResourceBuilder<T> WithEndpoint<T>(this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? scheme = null, string? name = null, string? env = null, bool? isProxied = null, bool? isExternal = null, ProtocolType? protocol = null) where T : IResourceWithEndpoints
    {
        var endpoint = new EndpointAnnotation(protocol ?? ProtocolType.Tcp, scheme, null, name, port, targetPort, isExternal, isProxied) { EnvironmentVariable = env };
        if (Find(builder.Resource, endpoint.Name) is not null)
            throw new DistributedApplicationException($"Endpoint with name '{endpoint.Name}' already exists. Endpoint name may not have been explicitly specified and was derived automatically from scheme argument (e.g. 'http', 'ws', or 'tcp'). Multiple calls to WithEndpoint (and related methods) may result in a conflict if name argument is not specified. Each endpoint must have a unique name.");
        return builder.WithAnnotation(endpoint);
    }

    /// <summary>Changes an endpoint, declared or to be declared now.</summary>
    public static IResourceBuilder<T> WithEndpoint<T>(this IResourceBuilder<T> builder, string endpointName, Action<EndpointAnnotation> callback, bool createIfNotExists = true) where T : IResourceWithEndpoints
    {
        var endpoint = Find(builder.Resource, endpointName);
        if (endpoint is null && !createIfNotExists) return builder;
        if (endpoint is null)
        {
            endpoint = new EndpointAnnotation(ProtocolType.Tcp, name: endpointName);
            callback(endpoint);
            return builder.WithAnnotation(endpoint);
        }

        callback(endpoint);
        return builder;
    }

    /// <summary>Declares an http endpoint, named <c>http</c> unless given.</summary>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool? isProxied = null) where T : IResourceWithEndpoints =>
        builder.WithEndpoint(port, targetPort, "http", name, env, isProxied);

    /// <summary>Refers to an endpoint.</summary>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name) where T : IResourceWithEndpoints => new(builder.Resource, name);

    /// <summary>The resource is healthy when a GET on an endpoint gives a status, 200 unless given.</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null) where T : IResourceWithEndpoints
    {
        var endpoint = endpointName is not null
            ? builder.GetEndpoint(endpointName)
            : new EndpointReference(builder.Resource, Http(builder.Resource)?.Name ?? "http");
        if (endpoint.Exists && endpoint.Scheme is not ("http" or "https"))
            throw new DistributedApplicationException($"Could not create HTTP health check for resource '{builder.Resource.Name}' as the endpoint with name '{endpoint.EndpointName}' and scheme '{endpoint.Scheme}' is not an HTTP endpoint.");
        var expected = statusCode ?? 200;
        var key = $"{builder.Resource.Name}_{endpoint.EndpointName}_{path ?? "/"}_{expected}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks().AddCheck(key, new HttpEndpointCheck(endpoint, path ?? "/", expected));
        return builder.WithHealthCheck(key);
    }

    /// <summary>Injects a service's addresses: <c>services__name__endpoint__0</c> and <c>NAME_ENDPOINT</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source) where TDestination : IResourceWithEnvironment
    {
        Relate(builder, source.Resource, "Reference");
        return builder.WithEnvironment(context =>
        {
            foreach (var endpoint in source.Resource.Annotations.OfType<EndpointAnnotation>())
                Inject(context, new EndpointReference(source.Resource, endpoint));
        });
    }

    /// <summary>Injects one address of a resource.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, EndpointReference endpointReference) where TDestination : IResourceWithEnvironment
    {
        Relate(builder, endpointReference.Resource, "Reference");
        return builder.WithEnvironment(context => Inject(context, endpointReference));
    }

    /// <summary>Injects a connection string and its parts.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false) where TDestination : IResourceWithEnvironment
    {
        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        Relate(builder, resource, "Reference");
        return builder.WithEnvironment(async context =>
        {
            var value = await resource.GetConnectionStringAsync(context.CancellationToken).ConfigureAwait(false);
            if (string.IsNullOrEmpty(value))
            {
                if (optional) return;
                throw new DistributedApplicationException($"The connection string for the resource '{resource.Name}' is not available.");
            }

            context.EnvironmentVariables[resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}"] = value;
            foreach (var (key, part) in resource.GetConnectionProperties())
                context.EnvironmentVariables[$"{EnvironmentName(name)}_{EnvironmentName(key)}"] = part;
        });
    }

    /// <summary>Shows a link.</summary>
    public static IResourceBuilder<T> WithUrl<T>(this IResourceBuilder<T> builder, string url, string? displayText = null) where T : IResource =>
        builder.WithAnnotation(new ResourceUrlAnnotation { Url = url, DisplayText = displayText });

    /// <summary>Shows a link whose holes are filled when addresses are known.</summary>
    public static IResourceBuilder<T> WithUrl<T>(this IResourceBuilder<T> builder, in ReferenceExpression.ExpressionInterpolatedStringHandler url, string? displayText = null) where T : IResource =>
        builder.WithUrl(ReferenceExpression.Create(url), displayText);

    /// <summary>Shows a link whose holes are filled when addresses are known.</summary>
    public static IResourceBuilder<T> WithUrl<T>(this IResourceBuilder<T> builder, ReferenceExpression url, string? displayText = null) where T : IResource =>
        builder.WithAnnotation(new UrlExpressionAnnotation(url, displayText));

    /// <summary>Changes the link of an endpoint.</summary>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(this IResourceBuilder<T> builder, string endpointName, Action<ResourceUrlAnnotation> callback) where T : IResource =>
        builder.WithAnnotation(new EndpointUrlAnnotation(endpointName, callback));

    internal static string EnvironmentName(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));

    private static void Inject(EnvironmentCallbackContext context, EndpointReference endpoint)
    {
        var name = endpoint.Resource.Name;
        var key = endpoint.EndpointName is "http" or "https" ? endpoint.Scheme : endpoint.EndpointName;
        context.EnvironmentVariables[$"services__{name}__{key}__0"] = endpoint;
        context.EnvironmentVariables[$"{EnvironmentName(name)}_{EnvironmentName(endpoint.EndpointName)}"] = endpoint;
    }

    private static EndpointAnnotation? Find(IResource resource, string name) =>
        resource.Annotations.OfType<EndpointAnnotation>().SingleOrDefault(e => string.Equals(e.Name, name, StringComparison.OrdinalIgnoreCase));

    // An HTTP/2-only endpoint would refuse the check's HTTP/1.1 request, so that a plain one is preferred.
    private static EndpointAnnotation? Http(IResource resource) =>
        resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.UriScheme is "http" or "https").OrderBy(e => e.Name is "http" or "https" ? 0 : e.Transport == "http2" ? 2 : 1).FirstOrDefault();
}
