using LiveClin.AppHost.Dashboard;
using LiveClin.AppHost.Gpus;
using LiveClin.AppHost.ModelServers.SGLang;
using LiveClin.AppHost.Services;
using LiveClin.AppHost.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace LiveClin.AppHost.ModelServers;

/// <summary>Adds the servers of the configured models.</summary>
internal static class ModelServerBuilderExtensions
{
    /// <summary>Adds a server for every model, in order.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="settings">The models.</param>
    /// <param name="baselines">The server of the built-in baselines.</param>
    public static IReadOnlyList<IModelServer> AddModelServers(this IDistributedApplicationBuilder builder, SweepSettings settings,
        IResourceBuilder<ServiceResource> baselines)
    {
        var keys = new Dictionary<string, IResourceBuilder<ParameterResource>>();
        var names = new ResourceNames();
        var logs = new ServerLogs(settings, TimeProvider.System);
        builder.Services.AddSingleton(logs).AddHostedService<ServerSources>();
        var servers = settings.Models.Select(model => builder.AddModelServer(model, settings.Models, names, keys, baselines, logs))
            .ToList();
        // A description for a deployment always has the server that this program is for.
        if (builder.ExecutionContext.IsPublishMode && !servers.Any(s => s.Model.Server == ServerKind.SGLang))
            builder.AddSGLang("sglang",
                new ModelSettings { Name = "sglang", ApiId = "model", Path = "/models/model", Server = ServerKind.SGLang }, logs);
        return servers;
    }

    /// <summary>Completes a managed server: arguments, port, environment, readiness, explicit start.</summary>
    public static IResourceBuilder<T> WithLaunchTemplate<T>(this IResourceBuilder<T> builder, ServerLogs logs) where T
        : ManagedServerResource
    {
        var (model, template) = (builder.Resource.Model, builder.Resource.Template);
        return builder
            .WithEndpoint(ManagedServerResource.EndpointName, endpoint =>
                (endpoint.UriScheme, endpoint.Transport, endpoint.TargetHost, endpoint.Port, endpoint.IsProxied) =
                    ("http", "http", "127.0.0.1", model.Port, false))
            .WithLauncher(logs)
            .WithArgs(context =>
            {
                foreach (var argument in template.Arguments(model)) context.Args.Add(argument);
                context.Args.Add("--port");
                context.Args.Add(builder.Resource.Http.Property(EndpointProperty.TargetPort));
                foreach (var argument in model.Args) context.Args.Add(argument);
            })
            .WithEnvironment("PYTHONUNBUFFERED", "1")
            .WithEnvironment(context =>
            {
                // Its caches are where the user has them, although the orchestrator may have been given another folder.
                if (context.ExecutionContext.IsRunMode && RuntimeDefaults.OrchestratorHome is not null)
                    context.EnvironmentVariables["HOME"] = RuntimeDefaults.UserHome;
                if (builder.Resource.VisibleDevices is { } devices)
                {
                    context.EnvironmentVariables[GpuProbe.VisibleVariable] = devices;
                    // The indices are nvidia-smi's.
                    context.EnvironmentVariables["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID";
                }
            })
            .WithModelEnvironment()
            .WithHttpHealthCheck(template.ReadinessPath, endpointName: ManagedServerResource.EndpointName)
            .WithIconName("BrainCircuit")
            .WithExplicitStart();
    }

    // The model's own variables win. What is secret by its name is a parameter in a deployment's description, which many may read.
    private static IResourceBuilder<T> WithModelEnvironment<T>(this IResourceBuilder<T> server) where T : ManagedServerResource
    {
        var builder = server.ApplicationBuilder;
        foreach (var (name, value) in server.Resource.Model.Environment)
        {
            if (builder.ExecutionContext.IsPublishMode && ApiKeys.IsSecret(name))
                server.WithEnvironment(name, builder.AddParameter(ApiKeys.NameFor(server.Resource.Name, name), secret: true));
            else
                server.WithEnvironment(name, value);
        }

        return server;
    }

    private static IModelServer AddModelServer(this IDistributedApplicationBuilder builder, ModelSettings model,
        IReadOnlyList<ModelSettings> all, ResourceNames names, Dictionary<string, IResourceBuilder<ParameterResource>> keys,
        IResourceBuilder<ServiceResource> baselines, ServerLogs logs)
    {
        if (model.Problems.Count > 0) return new UnusableModel(model);
        if (model.Server == ServerKind.Baseline) return new BaselineModel(model, baselines.Resource);
        if (model.Server == ServerKind.Endpoint)
        {
            if (model.ApiKey is { } key && !keys.ContainsKey(key))
                keys[key] = builder.AddParameter(key, secret: true).WithDescription($"API key of {model.Endpoint}");
            return builder.AddModelEndpoint(names.Next("endpoint", model.Name), model, model.ApiKey is { } name
                ? keys[name].Resource : null).Resource;
        }

        var template = LaunchTemplate.Of(model.Server);
        // The only one of its kind simply has the kind's name.
        var resource = all.Count(m => m.Server == model.Server && m.Problems.Count == 0) == 1
            ? template.ResourcePrefix : names.Next(template.ResourcePrefix, model.Name);
        return model.Server == ServerKind.SGLang
            ? builder.AddSGLang(resource, model, logs).Resource
            : builder.AddResource(new ManagedServerResource(resource, template.Program(model), builder.OwnFolder(), model, template))
                .WithLaunchTemplate(logs).Resource;
    }
}
