using System.Globalization;
using Aspire.Hosting.Publishing;
using LiveClin.AppHost.Settings;
using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Services;

/// <summary>Adds this solution's services.</summary>
internal static class ServiceExtensions
{
    /// <summary>Adds a service, by its project; it has telemetry, and in a deployment's description it is the project.</summary>
    /// <exception cref="FileNotFoundException">Its program was not built.</exception>
    public static IResourceBuilder<ServiceResource> AddService<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        var service = new ServiceResource(name, ServiceProgram.Find<TProject>());
        return builder.AddResource(service)
            .WithArgs(context =>
            {
                if (context.ExecutionContext.IsRunMode) context.Args.Insert(0, Path.GetFileName(service.Program.Assembly));
            })
            .WithOtlpExporter()
            .WithIconName("CloudArrowUp")
            .WithManifestPublishingCallback(context => PublishAsync(context, service));
    }

    /// <summary>
    /// Two endpoints, as in the services' settings: <c>http</c> (HTTP/1.1: pages, JSON, health) and <c>grpc</c> (HTTP/2).
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="port">Port of <c>http</c>; null for a free one.</param>
    public static IResourceBuilder<ServiceResource> WithServiceEndpoints(this IResourceBuilder<ServiceResource> service,
        int? port = null) => service
        .WithLoopbackEndpoint("http", "http", "Kestrel__Endpoints__http__Url", port)
        .WithLoopbackEndpoint("grpc", "http2", "Kestrel__Endpoints__grpc__Url")
        .WithHttpHealthCheck("/health", endpointName: "http")
        .WithUrlForEndpoint("grpc", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
        // Charts of a run want more than the usual one point a minute; Aspire sees to that in development only.
        .WithEnvironment("OTEL_METRIC_EXPORT_INTERVAL", "2000");

    /// <summary>
    /// Tells the built-in examinees' server the release, when a simulated examinee is to be evaluated: they have its keys.
    /// </summary>
    public static IResourceBuilder<ServiceResource> WithExaminedRelease(this IResourceBuilder<ServiceResource> service,
        SweepSettings settings) => service.WithArgs(context =>
    {
        if (!context.ExecutionContext.IsRunMode || !settings.Models.Any(model => model.IsSimulated)) return;
        (string Name, string? Value)[] options =
            [("--jsonl-path", settings.JsonlPath), ("--dataset", settings.ReleaseName), ("--image-root", settings.ImageRoot),
                ("--data-dir", settings.DataDirectory)];
        foreach (var (name, value) in options)
        {
            if (value is null) continue;
            context.Args.Add(name);
            context.Args.Add(value);
        }
    });

    /// <summary>Tells the evaluator this machine's releases, of which a deployment's description knows nothing.</summary>
    public static IResourceBuilder<ServiceResource> WithLocalData(this IResourceBuilder<ServiceResource> service, SweepSettings settings) =>
        service.ApplicationBuilder.ExecutionContext.IsPublishMode ? service : service
            .WithSetting("LiveClin__MaxReplyBytes", settings.MaxReplyBytes?.ToString(CultureInfo.InvariantCulture))
            .WithEnvironment("LiveClin__DataDirectory", settings.DataDirectory)
            // What the settings name may lie elsewhere.
            .WithSetting("LiveClin__DataFolders__0", settings.JsonlPath is { } path ? Path.GetDirectoryName(path) : null)
            .WithSetting("LiveClin__DataFolders__1", settings.ImageRoot);

    // An empty variable is a value: no number, and a folder of its own.
    private static IResourceBuilder<ServiceResource> WithSetting(this IResourceBuilder<ServiceResource> service, string variable,
        string? value) =>
        value is null ? service : service.WithEnvironment(variable, value);

    /// <summary>An endpoint on loopback, without the orchestrator's proxy: what is printed is where the service listens.</summary>
    /// <param name="service">The service.</param>
    /// <param name="name">The endpoint's name.</param>
    /// <param name="transport"><c>http</c> or <c>http2</c>.</param>
    /// <param name="variable">The environment variable that tells the service its address.</param>
    /// <param name="port">Its port; null for a free one.</param>
    public static IResourceBuilder<ServiceResource> WithLoopbackEndpoint(
        this IResourceBuilder<ServiceResource> service, string name, string transport, string variable, int? port = null)
    {
        var targetPort = service.Resource.GetEndpoint(name).Property(EndpointProperty.TargetPort);
        return service
            .WithEndpoint(name, endpoint =>
                (endpoint.UriScheme, endpoint.Transport, endpoint.TargetHost, endpoint.Port, endpoint.IsProxied) =
                    ("http", transport, "127.0.0.1", port, false))
            // In a deployment the address is the container's own.
            .WithEnvironment(variable, service.ApplicationBuilder.ExecutionContext.IsPublishMode
                ? ReferenceExpression.Create($"http://*:{targetPort}")
                : ReferenceExpression.Create($"http://127.0.0.1:{targetPort}"));
    }

    /// <summary>
    /// Hands on what the statistics want to know of models and cases, and no keys: names, prices, when training data ended, when cases
    /// were published.
    /// </summary>
    public static IResourceBuilder<ServiceResource> WithModelFacts(
        this IResourceBuilder<ServiceResource> service, IConfiguration configuration, SweepSettings settings)
    {
        if (!service.ApplicationBuilder.ExecutionContext.IsPublishMode && settings.PublicationDates is { } dates)
            service.WithEnvironment("LiveClin__PublicationDates", dates);
        foreach (var model in configuration.GetSection("LiveClin:Models").GetChildren())
        {
            var prices = model.GetSection("Price").GetChildren().Where(price => price.Value is not null).ToList();
            var cutoff = model["TrainingCutoff"];
            if ((prices.Count == 0 && string.IsNullOrEmpty(cutoff)) || (model["Name"] ?? model["ApiId"]) is not { } name) continue;
            var prefix = $"LiveClin__Models__{model.Key}__";
            service.WithEnvironment(prefix + "Name", name);
            if (!string.IsNullOrEmpty(cutoff)) service.WithEnvironment(prefix + "TrainingCutoff", cutoff);
            foreach (var price in prices) service.WithEnvironment($"{prefix}Price__{price.Key}", price.Value);
        }

        return service;
    }

    // A deployment builds the project and does not know this machine's files.
    private static async Task PublishAsync(ManifestPublishingContext context, ServiceResource service)
    {
        context.Writer.WriteString("type", "project.v0");
        context.Writer.WriteString("path", context.GetManifestRelativePath(service.Program.ProjectPath));
        await context.WriteCommandLineArgumentsAsync(service);
        await context.WriteEnvironmentVariablesAsync(service);
        context.WriteBindings(service);
    }
}
