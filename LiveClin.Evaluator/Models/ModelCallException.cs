namespace LiveClin.Evaluator.Models;

/// <summary>What a failed model call means for what comes next.</summary>
internal enum FailureScope
{
    /// <summary>Another try may succeed.</summary>
    Transient,

    /// <summary>This question cannot be answered; other questions can.</summary>
    Question,

    /// <summary>No question can be answered (wrong key, unknown model).</summary>
    Run,
}

/// <summary>A model call that gave no usable reply.</summary>
internal sealed class ModelCallException(string kind, FailureScope scope, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Stable name of the failure: <c>timeout</c>, <c>connection</c>, <c>http_429</c>, <c>empty_reply</c>, …</summary>
    public string Kind { get; } = kind;

    public FailureScope Scope { get; } = scope;

    /// <summary>How long the server asks to wait before another try.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True when it stops the run as long as nothing was answered: then it is hardly this question's.</summary>
    public bool IsFatalAtFirst { get; init; }

    /// <summary>True when another try would hardly help: many equal ones in a row, with no answer between them, stop the run.</summary>
    public bool IsPermanent { get; init; }

    /// <summary>True when so many equal ones came in a row that it stops the run.</summary>
    public bool IsStreak { get; set; }

    /// <summary>True when a proxy on the way may have answered in the server's place.</summary>
    public bool IsThroughProxy { get; init; }

    /// <summary>True when the message itself says what is wrong and what to do, whatever the status.</summary>
    public bool IsExplained { get; init; }

    /// <summary>True when time or money mends it: nothing is wrong with what was asked for, and the same command goes on then.</summary>
    public bool IsForNow { get; init; }

    /// <summary>True when the server asks to come slower.</summary>
    public bool IsThrottled { get; init; }

    /// <summary>True when the server cannot keep up: fewer requests at a time help, and each counts as a try.</summary>
    public bool IsOverloaded { get; init; }

    /// <summary>The finish reason of a reply without text.</summary>
    public string? FinishReason { get; init; }

    /// <summary>Duration of this attempt.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>True when the server was not reached at all.</summary>
    public bool IsUnreachable => Kind == HttpFailures.Unreachable;
}
