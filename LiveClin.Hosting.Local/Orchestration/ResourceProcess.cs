using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Supervision;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>One resource's process through its lives: waits, start, end, and what is published of them.</summary>
internal sealed class ResourceProcess(
    IResource resource,
    IDistributedApplicationEventing eventing,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    ProcessSupervisor supervisor,
    ProcessSpecifications specifications,
    PortAllocator ports,
    IServiceProvider services,
    ILogger appLog,
    TimeSpan stopGrace)
{
    private const int TailLines = 20;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly bool _isExplicit = resource.Annotations.OfType<ExplicitStartupAnnotation>().Any();
    private readonly ILogger _log = loggers.GetLogger(resource);
    private CancellationTokenSource? _starting;
    private SupervisedProcess? _process;
    private Task _watching = Task.CompletedTask;
    private volatile bool _stopRequested;
    private volatile bool _ended;

    /// <summary>The start that belongs to the application's: none for resources that start on command.</summary>
    public Task BeginAsync(CancellationToken cancellationToken) => _isExplicit
        ? PublishAsync(KnownResourceStates.NotStarted, null)
        : StartAsync(cancellationToken);

    /// <summary>Waits for the dependencies and starts the process. What goes wrong is published, not thrown.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_process is not null || _ended) return;
            using var starting = _starting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _stopRequested = false;
            await StartCoreAsync(starting.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await PublishAsync(KnownResourceStates.Exited, null).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (Exception e)
        {
            HostingLog.StartFailed(_log, e.Message);
            HostingLog.ResourceFailed(appLog, resource.Name, "failed to start", e.Message, "");
            await PublishAsync(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error).ConfigureAwait(false);
        }
        finally
        {
            _starting = null;
            _changing.Release();
        }
    }

    /// <summary>Stops the process, and its start if it is still waiting.</summary>
    /// <param name="forGood">True at the end of the application: nothing starts it any more.</param>
    public async Task StopAsync(bool forGood = false)
    {
        _stopRequested = true;
        _ended |= forGood;
        if (_starting is { } starting) await starting.CancelAsync().ConfigureAwait(false);
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_process is not { } process) return;
            await PublishAsync(KnownResourceStates.Stopping, null).ConfigureAwait(false);
            await process.StopAsync(stopGrace).ConfigureAwait(false);
            await _watching.ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task StartCoreAsync(CancellationToken cancellationToken)
    {
        if (resource.Annotations.OfType<WaitAnnotation>().Any())
        {
            await PublishAsync(KnownResourceStates.Waiting, null).ConfigureAwait(false);
            await notifications.WaitForDependenciesAsync(resource, cancellationToken).ConfigureAwait(false);
        }

        await eventing.PublishAsync(new BeforeResourceStartedEvent(resource, services), cancellationToken).ConfigureAwait(false);
        await notifications.PublishUpdateAsync(resource, s => s with { State = new(KnownResourceStates.Starting, KnownResourceStateStyles.Info), ExitCode = null, StopTimeStamp = null }).ConfigureAwait(false);
        CheckPorts();
        var resolved = await specifications.ResolveAsync(resource, _log, cancellationToken).ConfigureAwait(false);
        HostingLog.ProcessStarting(_log, string.Join(' ', [resolved.Specification.Program, .. resolved.Specification.Arguments]), resolved.Specification.Folder);
        var process = supervisor.Start(resolved.Specification, loggers.Log(resource.Name));
        _process = process;
        var urls = await ResourceUrls.ResolveAsync(resource, cancellationToken).ConfigureAwait(false);
        await notifications.PublishUpdateAsync(resource, s => s with
        {
            State = new(KnownResourceStates.Running, KnownResourceStateStyles.Success),
            StartTimeStamp = DateTime.UtcNow,
            EnvironmentVariables = [.. resolved.Shown],
            Urls = [.. urls],
            Properties =
            [
                new(CustomResourceKnownProperties.Source, resolved.Source),
                new("executable.path", resolved.Specification.Program),
                new("executable.workDir", resolved.Specification.Folder),
                new("executable.args", string.Join(' ', resolved.Specification.Arguments)),
                new("executable.pid", process.Id.ToString(CultureInfo.InvariantCulture)),
            ],
        }).ConfigureAwait(false);
        _watching = WatchAsync(process);
    }

    // A server that was started again on the same port has been seen to hang; resources that start on command get fresh ones.
    private void CheckPorts()
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (_isExplicit && endpoint is { Port: null, TargetPort: null })
            {
                ports.Release(endpoint.AllocatedEndpoint!.Port);
                LocalOrchestrator.Allocate(endpoint, ports);
            }

            var port = endpoint.AllocatedEndpoint!.Port;
            if (!PortAllocator.IsFree(port))
                throw new DistributedApplicationException($"port {port} of its endpoint '{endpoint.Name}' is in use by another process. Stop that process, or configure another port.");
        }
    }

    private async Task WatchAsync(SupervisedProcess process)
    {
        var exit = await process.Exited.ConfigureAwait(false);
        _process = null;
        HostingLog.ProcessEnded(_log, process.Id, exit.Reason);
        var failed = !_stopRequested && exit.ExitCode != 0;
        if (failed)
        {
            var tail = loggers.Log(resource.Name).Tail(TailLines).SkipLast(1).Select(l => Environment.NewLine + "    " + l);
            HostingLog.ResourceFailed(appLog, resource.Name, "ended", exit.Reason, string.Concat(tail));
        }

        var state = exit.ExitCode == 0 && !_stopRequested ? KnownResourceStates.Finished : KnownResourceStates.Exited;
        await notifications.PublishUpdateAsync(resource, s => s with
        {
            State = new(state, failed ? KnownResourceStateStyles.Error : KnownResourceStateStyles.Info),
            ExitCode = exit.ExitCode,
            StopTimeStamp = DateTime.UtcNow,
            Urls = [.. s.Urls.Select(u => u with { IsInactive = true })],
        }).ConfigureAwait(false);
        if (notifications.TryGetCurrentState(resource.Name, out var last))
            await eventing.PublishAsync(new ResourceStoppedEvent(resource, services, last), CancellationToken.None).ConfigureAwait(false);
    }

    private Task PublishAsync(string state, string? style) => notifications.PublishUpdateAsync(resource, s => s with { State = new(state, style) });
}
