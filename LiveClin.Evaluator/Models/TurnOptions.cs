using LiveClin.Core.Cases;
using Microsoft.Extensions.AI;

namespace LiveClin.Evaluator.Models;

/// <summary>Counts the requests sent for one question.</summary>
internal sealed class AttemptCounter
{
    public int Count { get; set; }

    /// <summary>Called before each further try.</summary>
    public Action? OnRetry { get; init; }
}

/// <summary>A turn's way through the client pipeline: which question it asks, and how often it was tried.</summary>
internal sealed class TurnOptions : ChatOptions
{
    /// <summary>The question, for the evaluation event on the chat span; null outside of runs.</summary>
    public Question? Question { get; init; }

    /// <summary>No further try once this is cancelled; a request under way goes on.</summary>
    public CancellationToken Stopping { get; init; }

    public AttemptCounter Attempts { get; init; } = new();
}
