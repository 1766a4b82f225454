namespace LiveClin.Core.Results;

/// <summary>Tokens of all answers of a run, over every epoch. Sums are null where the server counted none.</summary>
public sealed record RunUsage
{
    /// <summary>Prompt tokens, cached ones included.</summary>
    public long? Input { get; init; }

    /// <summary>Prompt tokens from a prefix cache.</summary>
    public long? CachedInput { get; init; }

    /// <summary>Completion tokens, reasoning included.</summary>
    public long? Output { get; init; }

    /// <summary>Completion tokens spent on reasoning.</summary>
    public long? Reasoning { get; init; }

    /// <summary>Answers with a reply, for which the server did not count prompt and completion: what they cost is not known.</summary>
    public required int RepliesUncounted { get; init; }
}
