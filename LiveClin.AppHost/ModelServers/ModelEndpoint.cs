using LiveClin.AppHost.Dashboard;
using LiveClin.AppHost.Settings;
using LiveClin.Evaluator.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LiveClin.AppHost.ModelServers;

/// <summary>An OpenAI-compatible API that runs already, here or elsewhere.</summary>
internal sealed class ModelEndpointResource(string name, ModelSettings model, ParameterResource? key) : Resource(name), IModelServer,
IResourceWithConnectionString
{
    public ModelSettings Model { get; } = model;

    public ParameterResource? Key { get; } = key;

    public Uri BaseUrl { get; } = ApiAddress.Of(model.Endpoint!);

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{ApiAddress.Shown(BaseUrl)}");
}

/// <summary>Adds APIs that run already.</summary>
internal static class ModelEndpointBuilderExtensions
{
    /// <summary>Adds an API; it is healthy while it lists its models.</summary>
    public static IResourceBuilder<ModelEndpointResource> AddModelEndpoint(this IDistributedApplicationBuilder builder, string name,
        ModelSettings model, ParameterResource? key)
    {
        var resource = new ModelEndpointResource(name, model, key);
        var check = $"{name}_models";
        builder.Services.AddHealthChecks().AddAsyncCheck(check, async token =>
        {
            if (((IModelServer)resource).LacksKey)
                return HealthCheckResult.Unhealthy($"The API key '{key!.Name}' has no value yet: enter it under Parameters.");
            var failure = await ModelList.FindAsync(resource, token);
            return failure is null ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(failure);
        });
        return builder.AddResource(resource)
            .WithInitialState(new CustomResourceSnapshot
            {
                ResourceType = "Model endpoint",
                Properties = [new(CustomResourceKnownProperties.Source, ApiAddress.Shown(resource.BaseUrl)),
                    ResourceDetails.Shown("Model", model.ApiId, 0)],
            })
            .WithIconName("CloudLink")
            .WithUrl(ApiAddress.Shown(resource.BaseUrl))
            .WithHealthCheck(check)
            .ExcludeFromManifest()
            .OnInitializeResource((r, started, _) => started.Notifications.PublishUpdateAsync(r, s => s with
            {
                State = new(KnownResourceStates.Running, KnownResourceStateStyles.Success),
            }));
    }
}
