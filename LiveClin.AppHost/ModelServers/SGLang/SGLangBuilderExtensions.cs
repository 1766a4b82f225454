using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.ModelServers.SGLang;

/// <summary>Adds SGLang servers.</summary>
internal static class SGLangBuilderExtensions
{
    /// <summary>
    /// Adds a server for a model; it starts on command and is healthy when a one-token generation succeeds (its <c>/health</c>).
    /// </summary>
    public static IResourceBuilder<SGLangResource> AddSGLang(this IDistributedApplicationBuilder builder, string name, ModelSettings model,
        ServerLogs logs)
    {
        var server = builder.AddResource(new SGLangResource(name, builder.OwnFolder(), model)).WithLaunchTemplate(logs);
        if (model is { Nodes: > 1, Allocation: { } allocation }) server.WithRanks(allocation);
        // Their port is a fixed one unless told otherwise.
        var metrics = server.Resource.RouterMetrics;
        return !model.Router
            ? server : server.WithHttpEndpoint(name: metrics.EndpointName).WithUrlForEndpoint(metrics.EndpointName,
            url => (url.Url, url.DisplayText) = (url.Url + "/metrics", "Router metrics")).WithArgs(context =>
        {
            context.Args.Add("--router-prometheus-port");
            context.Args.Add(metrics.Property(EndpointProperty.TargetPort));
        });
    }

    // Where the ranks on the other nodes find rank 0.
    private static void WithRanks(this IResourceBuilder<SGLangResource> server, SlurmAllocation allocation)
    {
        var ranks = new EndpointReference(server.Resource, "ranks");
        server
            .WithEndpoint(ranks.EndpointName,
                endpoint => (endpoint.UriScheme, endpoint.Transport, endpoint.IsProxied) = ("tcp", "tcp", false))
            .WithArgs(context =>
            {
                context.Args.Add("--dist-init-addr");
                context.Args.Add(ReferenceExpression.Create($"{allocation.FirstNode}:{ranks.Property(EndpointProperty.TargetPort)}"));
            });
    }
}
