using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Gives commands to resources.</summary>
public class ResourceCommandService
{
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _loggers;
    private readonly DistributedApplicationModel _model;
    private readonly IServiceProvider _services;

    internal ResourceCommandService(ResourceNotificationService notifications, ResourceLoggerService loggers, DistributedApplicationModel model, IServiceProvider services)
    {
        _notifications = notifications;
        _loggers = loggers;
        _model = model;
        _services = services;
    }

    /// <summary>Gives a command to a resource, by id.</summary>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default) =>
        _model.Resources.TryGetByName(resourceId, out var resource)
            ? ExecuteCommandAsync(resource, commandName, cancellationToken)
            : Task.FromResult(CommandResults.Failure($"There is no resource '{resourceId}'."));

    /// <summary>Gives a command to a resource.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        var command = resource.Annotations.OfType<CommandAnnotation>().LastOrDefault(c => c.Name == commandName);
        if (command is null) return CommandResults.Failure($"Resource '{resource.Name}' has no command '{commandName}'.");
        var log = _loggers.GetLogger(resource);
        if (_notifications.TryGetCurrentState(resource.Name, out var current) && command.Snapshot(current.Snapshot, _services).State != ResourceCommandState.Enabled)
            return CommandResults.Failure($"'{command.DisplayName}' cannot be given to '{resource.Name}' in the state {current.Snapshot.State?.Text}.");
        try
        {
            HostingLog.CommandGiven(log, commandName);
            return await command.Execute(new ExecuteCommandContext
            {
                Services = _services,
                ResourceName = resource.Name,
                CancellationToken = cancellationToken,
                Logger = log,
                Arguments = new InteractionInputCollection([]),
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return CommandResults.Canceled();
        }
        catch (Exception e)
        {
            HostingLog.CommandFailed(log, e, commandName);
            return CommandResults.Failure(e);
        }
    }
}
