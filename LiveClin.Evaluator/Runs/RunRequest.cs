using LiveClin.Core.Conditions;
using LiveClin.Core.Costs;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Runs;

/// <summary>What a caller asks of the evaluator: one model, one release.</summary>
public sealed record RunRequest
{
    /// <summary>Name under which results are kept.</summary>
    public required string Model { get; init; }

    /// <summary>Where the model is served.</summary>
    public required ModelEndpoint Endpoint { get; init; }

    /// <summary>The request's parameters.</summary>
    public required SamplingParameters Sampling { get; init; }

    /// <summary>How the server wants the request; no part of what is asked.</summary>
    internal Dialect Dialect { get; init; } = Dialect.Auto;

    /// <summary>Which release.</summary>
    public required ReleaseSelection Release { get; init; }

    /// <summary>The condition that cases are asked under.</summary>
    public Condition Condition { get; init; } = Condition.Published;

    /// <summary>Conversations at a time.</summary>
    public int Concurrency { get; init; } = 100;

    /// <summary>How failed calls are tried again.</summary>
    public RetryPolicy Retries { get; init; } = RetryPolicy.Published;

    /// <summary>Longest wait for one reply.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>How much is wanted.</summary>
    public RunTarget Target { get; init; } = RunTarget.Whole;

    /// <summary>What the model's tokens cost; null when that is not known.</summary>
    public Price? Price { get; init; }

    /// <summary>What the model's runs on the release may cost together, those before included; null for no limit. Needs a price.</summary>
    public double? MaxCost { get; init; }

    /// <summary>
    /// Tokens a minute, of prompts and replies, that the server is to be asked for at most; null for what it says itself.
    /// </summary>
    public long? TokensPerMinute { get; init; }

    /// <summary>Ask through the API's batches.</summary>
    public bool Batch { get; init; }

    /// <summary>Cancel the batches that are under way, keep what they have answered, and stop.</summary>
    public bool CancelBatches { get; init; }

    /// <summary>
    /// Begin another run, which supersedes older ones with this identity, instead of bringing the matching one to the target.
    /// </summary>
    public bool Fresh { get; init; }

    /// <summary>Also ask again what a filter refused, and what was truncated or refused without text.</summary>
    public bool RetryFiltered { get; init; }

    /// <summary>Continue this run; its specification must be this request's.</summary>
    public string? ContinueRunId { get; init; }

    /// <summary>Make the vision check before the first question; a failed one is noted and stops nothing.</summary>
    public bool CheckVision { get; init; }

    /// <summary>What the caller knows of the model's server; null when nothing.</summary>
    public ServingKnowledge? Serving { get; init; }

    /// <summary>Chosen by a caller so that a repeated request starts nothing twice.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>SHA-256 of the whole request without its secrets; goes with the key.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Ten minutes: long reasoning on a busy server takes longer than the published tools' 80 and 120 s.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(10);
}

/// <summary>Which release a run asks, and how its images are treated.</summary>
public sealed record ReleaseSelection
{
    /// <summary>Where the release is looked for.</summary>
    public ReleaseRequest Source { get; init; } = new();

    /// <summary>How images travel.</summary>
    public ImageMode ImageMode { get; init; }

    /// <summary>Leave out missing images, as published, instead of refusing the release.</summary>
    public bool AllowMissingImages { get; init; }
}
