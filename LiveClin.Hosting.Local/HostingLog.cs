using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

internal static partial class HostingLog
{
    [LoggerMessage(EventName = "ResourceStateChanged", Level = LogLevel.Debug, Message = "Resource {Resource} changed state: {Previous} -> {State}")]
    public static partial void StateChanged(ILogger logger, string resource, string? previous, string? state);

    [LoggerMessage(EventName = "Waiting", Level = LogLevel.Information, Message = "Waiting for resource '{Dependency}' ({WaitType})")]
    public static partial void Waiting(ILogger logger, string dependency, WaitType waitType);

    [LoggerMessage(EventName = "WaitEnded", Level = LogLevel.Information, Message = "Finished waiting for resource '{Dependency}' ({State})")]
    public static partial void WaitEnded(ILogger logger, string dependency, string? state);

    [LoggerMessage(EventName = "CommandGiven", Level = LogLevel.Information, Message = "Executing command '{Command}'")]
    public static partial void CommandGiven(ILogger logger, string command);

    [LoggerMessage(EventName = "CommandFailed", Level = LogLevel.Error, Message = "Command '{Command}' failed")]
    public static partial void CommandFailed(ILogger logger, Exception exception, string command);

    [LoggerMessage(EventName = "ResourceFailed", Level = LogLevel.Error, Message = "Resource {Resource} {What}: {Reason}{Tail}")]
    public static partial void ResourceFailed(ILogger logger, string resource, string what, string reason, string tail);

    [LoggerMessage(EventName = "ProcessStarting", Level = LogLevel.Information, Message = "Starting {Command} in {Folder}")]
    public static partial void ProcessStarting(ILogger logger, string command, string folder);

    [LoggerMessage(EventName = "ProcessEnded", Level = LogLevel.Information, Message = "Process {Pid} ended: {Reason}")]
    public static partial void ProcessEnded(ILogger logger, int pid, string reason);

    [LoggerMessage(EventName = "StartFailed", Level = LogLevel.Error, Message = "Could not be started: {Reason}")]
    public static partial void StartFailed(ILogger logger, string reason);

    [LoggerMessage(EventName = "GuardianUnavailable", Level = LogLevel.Warning, Message = "The guardian process is not running ({Reason}): if this app host is killed, processes that it started may go on.")]
    public static partial void GuardianUnavailable(ILogger logger, string reason);

    [LoggerMessage(EventName = "HostingStarted", Level = LogLevel.Information, Message = "App host folder: {Folder}. Press Ctrl+C to stop.")]
    public static partial void HostingStarted(ILogger logger, string folder);

    [LoggerMessage(EventName = "InitializeFailed", Level = LogLevel.Error, Message = "Resource {Resource} could not be initialised")]
    public static partial void InitializeFailed(ILogger logger, Exception exception, string resource);
}
