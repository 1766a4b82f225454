using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>The links of a resource: its endpoints', changed as declared, and its own.</summary>
internal static class ResourceUrls
{
    public static async Task<IReadOnlyList<UrlSnapshot>> ResolveAsync(IResource resource, CancellationToken cancellationToken)
    {
        var urls = new List<UrlSnapshot>();
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.AllocatedEndpoint is not null))
        {
            var link = new ResourceUrlAnnotation { Url = endpoint.AllocatedEndpoint!.UriString, Endpoint = new EndpointReference((IResourceWithEndpoints)resource, endpoint) };
            foreach (var change in resource.Annotations.OfType<EndpointUrlAnnotation>().Where(c => string.Equals(c.EndpointName, endpoint.Name, StringComparison.OrdinalIgnoreCase))) change.Callback(link);
            // A link may be given as a path below the endpoint.
            urls.Add(new UrlSnapshot(endpoint.Name, new Uri(new Uri(endpoint.AllocatedEndpoint.UriString), link.Url).ToString().TrimEnd('/'), IsInternal: false) { DisplayProperties = new(link.DisplayText ?? "") });
        }

        urls.AddRange(resource.Annotations.OfType<ResourceUrlAnnotation>().Select(u => new UrlSnapshot(null, u.Url, IsInternal: false) { DisplayProperties = new(u.DisplayText ?? "") }));
        foreach (var url in resource.Annotations.OfType<UrlExpressionAnnotation>())
        {
            if (await url.Url.GetValueAsync(cancellationToken).ConfigureAwait(false) is { } value)
                urls.Add(new UrlSnapshot(null, value, IsInternal: false) { DisplayProperties = new(url.DisplayText ?? "") });
        }

        return urls;
    }
}
