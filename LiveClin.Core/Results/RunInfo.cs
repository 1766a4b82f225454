namespace LiveClin.Core.Results;

/// <summary>State of a run.</summary>
public enum RunStatus
{
    /// <summary>Begun and not ended; also the state that a crash leaves behind.</summary>
    Running = 0,

    /// <summary>Every question of the target has a reply.</summary>
    Completed = 1,

    /// <summary>Stopped before its target; the next start goes on.</summary>
    Cancelled = 2,

    /// <summary>Stopped by an error that concerns the whole run (wrong key, full disk, …); the next start goes on.</summary>
    Failed = 3,

    /// <summary>
    /// Came to its end, but some questions of the target have no reply; the next start asks those again that can be asked.
    /// </summary>
    EndedWithFailures = 4,
}

/// <summary>A run as the store knows it.</summary>
public sealed record RunInfo
{
    /// <summary>Identifier, sortable by time of creation.</summary>
    public required string Id { get; init; }

    /// <summary>What the run asks.</summary>
    public required RunSpecification Specification { get; init; }

    /// <summary>How much of it was ever asked for.</summary>
    public RunTarget Target { get; init; } = RunTarget.Whole;

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
    public string Source { get; init; } = Own;

    /// <summary>The source of runs that this program made.</summary>
    public const string Own = "run";

    /// <summary>True when its results were imported; then it is never continued.</summary>
    public bool IsImported => Source != Own;

    /// <summary>The run that a fresh start put in this one's place; then it is never continued. Null when none did.</summary>
    public string? SupersededBy { get; init; }

    /// <summary>True when a person chose it to stand for its model and setting.</summary>
    public bool IsChosen { get; init; }

    /// <summary>True when a person took it off the leaderboard.</summary>
    public bool IsHidden { get; init; }

    /// <summary>What people call its model and setting; null when they have given no name.</summary>
    public string? Name { get; init; }

    /// <summary>Words that people gave it.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}
