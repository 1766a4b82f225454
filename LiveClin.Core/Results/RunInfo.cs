namespace LiveClin.Core.Results;

/// <summary>State of a run.</summary>
public enum RunStatus
{
    /// <summary>Begun and not ended; also the state that a crash leaves behind.</summary>
    Running = 0,

    /// <summary>Every question has its final outcome.</summary>
    Completed = 1,

    /// <summary>Stopped on request; can be resumed.</summary>
    Cancelled = 2,

    /// <summary>Stopped by an error that concerns the whole run (wrong key, full disk, …); can be resumed.</summary>
    Failed = 3,
}

/// <summary>A run as the store knows it.</summary>
public sealed record RunInfo
{
    /// <summary>Identifier, sortable by time of creation.</summary>
    public required string Id { get; init; }

    /// <summary>What the run asks.</summary>
    public required RunSpecification Specification { get; init; }

    /// <summary>Its state.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Why it stopped, for <see cref="RunStatus.Failed"/>.</summary>
    public string? StatusReason { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Version of this program that began it.</summary>
    public required string ProgramVersion { get; init; }

    /// <summary>Git commit of this program, if known.</summary>
    public string? GitCommit { get; init; }

    /// <summary>Operating system, cores and runtime of the machine, in words.</summary>
    public required string Machine { get; init; }

    /// <summary>Where the results came from: <c>run</c>, or the file or folder of an import.</summary>
    public string Source { get; init; } = "run";
}
