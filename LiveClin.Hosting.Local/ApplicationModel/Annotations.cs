namespace Aspire.Hosting.ApplicationModel;

/// <summary>A dependency that must be reached before the resource starts.</summary>
public sealed class WaitAnnotation : IResourceAnnotation
{
    /// <summary>Declares the dependency.</summary>
    public WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0)
    {
        Resource = resource;
        WaitType = waitType;
        ExitCode = exitCode;
    }

    /// <summary>What is waited for.</summary>
    public IResource Resource { get; }

    /// <summary>Which state of it.</summary>
    public WaitType WaitType { get; }

    /// <summary>What happens when it cannot be reached; null for the default.</summary>
    public WaitBehavior? WaitBehavior { get; init; }

    /// <summary>The exit code that counts as completion.</summary>
    public int ExitCode { get; }
}

/// <summary>What happens when a dependency fails.</summary>
public enum WaitBehavior
{
    /// <summary>The wait goes on until the dependency comes back.</summary>
    WaitOnResourceUnavailable = 0,

    /// <summary>The wait fails.</summary>
    StopOnResourceUnavailable = 1,
}

/// <summary>What of a dependency is waited for.</summary>
public enum WaitType
{
    /// <summary>That it runs and is healthy.</summary>
    WaitUntilHealthy = 0,

    /// <summary>That it has ended with the expected exit code.</summary>
    WaitForCompletion = 1,

    /// <summary>That it runs.</summary>
    WaitUntilStarted = 2,
}

/// <summary>Names a registered health check that applies to the resource.</summary>
public class HealthCheckAnnotation : IResourceAnnotation
{
    /// <summary>Names the check.</summary>
    public HealthCheckAnnotation(string key) => Key = key;

    /// <summary>Name of the registration.</summary>
    public string Key { get; }
}

/// <summary>The resource starts only on command.</summary>
public sealed class ExplicitStartupAnnotation : IResourceAnnotation;

/// <summary>A relation to another resource, for display.</summary>
public sealed class ResourceRelationshipAnnotation : IResourceAnnotation
{
    /// <summary>Declares a relation, for example of type <c>Reference</c>, <c>WaitFor</c> or <c>Parent</c>.</summary>
    public ResourceRelationshipAnnotation(IResource resource, string type)
    {
        Resource = resource;
        Type = type;
    }

    /// <summary>The other resource.</summary>
    public IResource Resource { get; }

    /// <summary>The kind of relation.</summary>
    public string Type { get; }
}

/// <summary>A link shown with the resource.</summary>
public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    /// <summary>The address.</summary>
    public required string Url { get; set; }

    /// <summary>What is shown instead of the address.</summary>
    public string? DisplayText { get; set; }

    /// <summary>The endpoint that it belongs to.</summary>
    public EndpointReference? Endpoint { get; init; }
}

// The first published state of a resource.
internal sealed record InitialStateAnnotation(CustomResourceSnapshot Snapshot) : IResourceAnnotation;

// A link whose address is known only once endpoints are allocated.
internal sealed record UrlExpressionAnnotation(ReferenceExpression Url, string? DisplayText) : IResourceAnnotation;

// Changes of the link that an endpoint shows.
internal sealed record EndpointUrlAnnotation(string EndpointName, Action<ResourceUrlAnnotation> Callback) : IResourceAnnotation;

// The resource sends telemetry to the dashboard.
internal sealed record TelemetryAnnotation : IResourceAnnotation;
