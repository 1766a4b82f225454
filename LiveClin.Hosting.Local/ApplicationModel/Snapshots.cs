using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>All that is known of a resource at one moment.</summary>
public record CustomResourceSnapshot
{
    private readonly ResourceStateSnapshot? _state;
    private readonly ImmutableArray<HealthReportSnapshot> _healthReports = [];

    /// <summary>Kind of resource, for example <c>Project</c>.</summary>
    public required string ResourceType { get; init; }

    /// <summary>Facts to show.</summary>
    public required ImmutableArray<ResourcePropertySnapshot> Properties { get; init; }

    /// <summary>When the resource was created (UTC).</summary>
    public DateTime? CreationTimeStamp { get; init; }

    /// <summary>When it last started (UTC).</summary>
    public DateTime? StartTimeStamp { get; init; }

    /// <summary>When it last stopped (UTC).</summary>
    public DateTime? StopTimeStamp { get; init; }

    /// <summary>Its state.</summary>
    public ResourceStateSnapshot? State
    {
        get => _state;
        init
        {
            _state = value;
            HealthStatus = Health(_healthReports, value?.Text);
        }
    }

    /// <summary>Exit code of its last process.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The worst of the reports; null unless the resource is running.</summary>
    public HealthStatus? HealthStatus { get; private init; }

    /// <summary>Last result of each health check.</summary>
    public ImmutableArray<HealthReportSnapshot> HealthReports
    {
        get => _healthReports;
        internal init
        {
            _healthReports = value;
            HealthStatus = Health(value, _state?.Text);
        }
    }

    /// <summary>Variables of its process.</summary>
    public ImmutableArray<EnvironmentVariableSnapshot> EnvironmentVariables { get; init; } = [];

    /// <summary>Its links.</summary>
    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];

    /// <summary>Its commands.</summary>
    public ImmutableArray<ResourceCommandSnapshot> Commands { get; init; } = [];

    /// <summary>Its relations to other resources.</summary>
    public ImmutableArray<RelationshipSnapshot> Relationships { get; init; } = [];

    /// <summary>True when it is not shown.</summary>
    public bool IsHidden { get; init; }

    private static HealthStatus? Health(ImmutableArray<HealthReportSnapshot> reports, string? state)
    {
        if (state != KnownResourceStates.Running) return null;
        if (reports.IsEmpty) return Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy;
        return reports.Min(r => r.Status ?? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy);
    }
}

/// <summary>A state and how it looks.</summary>
/// <param name="Text">The state, for example one of <see cref="KnownResourceStates"/>.</param>
/// <param name="Style">One of <see cref="KnownResourceStateStyles"/>, or null.</param>
public record ResourceStateSnapshot(string Text, string? Style);

/// <summary>States with a meaning.</summary>
public static class KnownResourceStates
{
    /// <summary>The process is being started.</summary>
    public static readonly string Starting = nameof(Starting);

    /// <summary>It runs.</summary>
    public static readonly string Running = nameof(Running);

    /// <summary>It could not be started.</summary>
    public static readonly string FailedToStart = nameof(FailedToStart);

    /// <summary>It is being stopped.</summary>
    public static readonly string Stopping = nameof(Stopping);

    /// <summary>It ended, by failure or on command.</summary>
    public static readonly string Exited = nameof(Exited);

    /// <summary>It ended with exit code 0.</summary>
    public static readonly string Finished = nameof(Finished);

    /// <summary>It waits for others.</summary>
    public static readonly string Waiting = nameof(Waiting);

    /// <summary>Nobody has started it.</summary>
    public static readonly string NotStarted = nameof(NotStarted);

    /// <summary>A parameter has no value.</summary>
    public static readonly string ValueMissing = nameof(ValueMissing);

    /// <summary>States that end a life.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}

/// <summary>How states look.</summary>
public static class KnownResourceStateStyles
{
    /// <summary>Good.</summary>
    public static readonly string Success = "success";

    /// <summary>Bad.</summary>
    public static readonly string Error = "error";

    /// <summary>Neutral.</summary>
    public static readonly string Info = "info";

    /// <summary>Deserves attention.</summary>
    public static readonly string Warn = "warning";
}

/// <summary>A variable of a process.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsFromSpec">True when the application model set it, false when it was inherited.</param>
public record EnvironmentVariableSnapshot(string Name, string? Value, bool IsFromSpec);

/// <summary>A link.</summary>
/// <param name="Name">Name of the endpoint, if any.</param>
/// <param name="Url">The address.</param>
/// <param name="IsInternal">True when it is not meant for people.</param>
public record UrlSnapshot(string? Name, string Url, bool IsInternal)
{
    /// <summary>How it is shown.</summary>
    public UrlDisplayPropertiesSnapshot DisplayProperties { get; init; } = new();

    /// <summary>True while nothing answers there.</summary>
    public bool IsInactive { get; init; }
}

/// <summary>How a link is shown.</summary>
/// <param name="DisplayName">Text instead of the address.</param>
/// <param name="SortOrder">Higher comes first.</param>
public record UrlDisplayPropertiesSnapshot(string DisplayName = "", int SortOrder = 0);

/// <summary>A relation to another resource.</summary>
/// <param name="ResourceName">The other one.</param>
/// <param name="Type">The kind of relation.</param>
public record RelationshipSnapshot(string ResourceName, string Type);

/// <summary>A fact to show.</summary>
/// <param name="Name">Key.</param>
/// <param name="Value">Text, number, or a list of texts.</param>
public record ResourcePropertySnapshot(string Name, object? Value)
{
    /// <summary>True when the value must be masked.</summary>
    public bool IsSensitive { get; init; }
}

/// <summary>A command as it is now.</summary>
/// <param name="Name">Key.</param>
/// <param name="State">Whether it can be given.</param>
/// <param name="DisplayName">Its name for people.</param>
/// <param name="DisplayDescription">What it does.</param>
/// <param name="Parameter">Not used.</param>
/// <param name="ConfirmationMessage">Question before it is given.</param>
/// <param name="IconName">Icon.</param>
/// <param name="IconVariant">Look of the icon.</param>
/// <param name="IsHighlighted">True when it is shown first.</param>
public record ResourceCommandSnapshot(string Name, ResourceCommandState State, string DisplayName, string? DisplayDescription, object? Parameter, string? ConfirmationMessage, string? IconName, IconVariant? IconVariant, bool IsHighlighted);

/// <summary>Last result of a health check.</summary>
/// <param name="Name">Name of the check.</param>
/// <param name="Status">The result; null before the first.</param>
/// <param name="Description">The result in words.</param>
/// <param name="ExceptionText">The exception behind it.</param>
public record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, string? ExceptionText)
{
    /// <summary>When the check last ran (UTC).</summary>
    public DateTime? LastRunAt { get; init; }
}

/// <summary>Keys of properties with a meaning.</summary>
public static class CustomResourceKnownProperties
{
    /// <summary>What the resource runs.</summary>
    public static string Source => "resource.source";

    /// <summary>Its connection string.</summary>
    public static string ConnectionString => "resource.connectionString";
}
