using System.Globalization;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Supervision;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Brings the application's resources to life in order and ends them in order.</summary>
internal sealed class LocalOrchestrator(
    DistributedApplicationModel model,
    IDistributedApplicationEventing eventing,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    ProcessSupervisor supervisor,
    ProcessSpecifications specifications,
    PortAllocator ports,
    IDistributedApplicationBuilder builder,
    IServiceProvider services,
    ILogger<LocalOrchestrator> logger,
    IHostApplicationLifetime lifetime) : IHostedService
{
    private readonly Dictionary<string, ResourceProcess> _processes = new(StringComparer.OrdinalIgnoreCase);

    public static bool IsSupervised(IResource resource) => resource is ExecutableResource or ProjectResource;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        HostingLog.HostingStarted(logger, builder.AppHostDirectory);
        await eventing.PublishAsync(new BeforeStartEvent(services, model), cancellationToken).ConfigureAwait(false);
        foreach (var resource in model.Resources) await AllocateAsync(resource, cancellationToken).ConfigureAwait(false);
        foreach (var resource in model.Resources)
        {
            await notifications.PublishUpdateAsync(resource, s => s).ConfigureAwait(false);
            if (resource is ParameterResource parameter) await PublishParameterAsync(parameter, cancellationToken).ConfigureAwait(false);
        }

        // A listener that goes on for the resource's whole life must not keep the others waiting.
        foreach (var resource in model.Resources) _ = InitializeAsync(resource, lifetime.ApplicationStopping);
        var grace = builder.Configuration.GetValue("Supervisor:StopGrace", TimeSpan.FromSeconds(10));
        foreach (var resource in model.Resources.Where(IsSupervised))
            _processes[resource.Name] = new ResourceProcess(resource, eventing, notifications, loggers, supervisor, specifications, ports, services, logger, grace);
        await Task.WhenAll(_processes.Values.Select(p => p.BeginAsync(cancellationToken))).ConfigureAwait(false);
        await eventing.PublishAsync(new AfterResourcesCreatedEvent(services, model), cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_processes.Values.Select(p => p.StopAsync(forGood: true)));

    public Task StartResourceAsync(IResource resource, CancellationToken cancellationToken) => Process(resource).StartAsync(cancellationToken);

    public Task StopResourceAsync(IResource resource, CancellationToken cancellationToken) => Process(resource).StopAsync();

    public async Task RestartResourceAsync(IResource resource, CancellationToken cancellationToken)
    {
        await Process(resource).StopAsync().ConfigureAwait(false);
        await Process(resource).StartAsync(cancellationToken).ConfigureAwait(false);
    }

    private ResourceProcess Process(IResource resource) => _processes.TryGetValue(resource.Name, out var process)
        ? process
        : throw new DistributedApplicationException($"Resource '{resource.Name}' is not a process.");

    private async Task AllocateAsync(IResource resource, CancellationToken cancellationToken)
    {
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToList();
        if (endpoints.Count == 0) return;
        foreach (var endpoint in endpoints) Allocate(endpoint, ports);
        await eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(resource, services), cancellationToken).ConfigureAwait(false);
    }

    // Without a proxy, clients and process use one port: the process's own where both are given.
    internal static void Allocate(EndpointAnnotation endpoint, PortAllocator ports)
    {
        if (endpoint.Protocol != ProtocolType.Tcp) throw new DistributedApplicationException($"Endpoint '{endpoint.Name}': only TCP is supported.");
        var port = endpoint.TargetPort ?? endpoint.Port ?? ports.Allocate();
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, KnownHostNames.Localhost, port, port.ToString(CultureInfo.InvariantCulture));
    }

    private async Task InitializeAsync(IResource resource, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Yield();
            await eventing.PublishAsync(new InitializeResourceEvent(resource, eventing, loggers, notifications, services), cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The application stops.
        }
        catch (Exception e)
        {
            HostingLog.InitializeFailed(logger, e, resource.Name);
            await notifications.PublishUpdateAsync(resource, s => s with { State = new(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error) }).ConfigureAwait(false);
        }
    }

    private async Task PublishParameterAsync(ParameterResource parameter, CancellationToken cancellationToken)
    {
        try
        {
            var value = await parameter.GetValueAsync(cancellationToken).ConfigureAwait(false);
            await notifications.PublishUpdateAsync(parameter, s => s with
            {
                State = new(KnownResourceStates.Running, KnownResourceStateStyles.Success),
                Properties = [new("Value", parameter.Secret ? "********" : value) { IsSensitive = parameter.Secret }],
            }).ConfigureAwait(false);
        }
        catch (DistributedApplicationException e)
        {
            HostingLog.StartFailed(loggers.GetLogger(parameter), e.Message);
            await notifications.PublishUpdateAsync(parameter, s => s with { State = new(KnownResourceStates.ValueMissing, KnownResourceStateStyles.Warn) }).ConfigureAwait(false);
        }
    }
}
