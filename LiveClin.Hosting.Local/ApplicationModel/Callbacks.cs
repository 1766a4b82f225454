using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Given to callbacks that set environment variables.</summary>
public class EnvironmentCallbackContext
{
    private readonly IResource? _resource;

    /// <summary>Creates the context of a resource.</summary>
    public EnvironmentCallbackContext(DistributedApplicationExecutionContext executionContext, IResource resource, Dictionary<string, object>? environmentVariables = null, CancellationToken cancellationToken = default)
    {
        ExecutionContext = executionContext;
        _resource = resource;
        EnvironmentVariables = environmentVariables ?? [];
        CancellationToken = cancellationToken;
    }

    /// <summary>The variables: texts or value providers.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; }

    /// <summary>Ends with the start that asks.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The resource's log.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>The resource that will get the variables.</summary>
    public IResource Resource => _resource ?? throw new InvalidOperationException("No resource was given to this context.");

    /// <summary>Run or publish.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; }
}

/// <summary>Given to callbacks that set command-line arguments.</summary>
public sealed class CommandLineArgsCallbackContext
{
    private readonly IResource? _resource;

    /// <summary>Creates the context of a resource.</summary>
    public CommandLineArgsCallbackContext(IList<object> args, IResource resource, CancellationToken cancellationToken = default)
    {
        Args = args;
        _resource = resource;
        CancellationToken = cancellationToken;
    }

    /// <summary>The arguments: texts or value providers.</summary>
    public IList<object> Args { get; }

    /// <summary>Ends with the start that asks.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Run or publish.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; init; } = new(DistributedApplicationOperation.Run);

    /// <summary>The resource's log.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The resource that will get the arguments.</summary>
    public IResource Resource => _resource ?? throw new InvalidOperationException("No resource was given to this context.");
}

/// <summary>Sets environment variables when the resource starts.</summary>
public class EnvironmentCallbackAnnotation : IResourceAnnotation
{
    /// <summary>Sets them with a function.</summary>
    public EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) => Callback = callback;

    /// <summary>The function.</summary>
    public Func<EnvironmentCallbackContext, Task> Callback { get; }
}

/// <summary>Sets arguments when the resource starts.</summary>
public class CommandLineArgsCallbackAnnotation : IResourceAnnotation
{
    /// <summary>Sets them with a function.</summary>
    public CommandLineArgsCallbackAnnotation(Func<CommandLineArgsCallbackContext, Task> callback) => Callback = callback;

    /// <summary>The function.</summary>
    public Func<CommandLineArgsCallbackContext, Task> Callback { get; }
}
