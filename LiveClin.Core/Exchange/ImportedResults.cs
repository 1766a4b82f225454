using System.Collections.Immutable;
using LiveClin.Core.Cases;
using LiveClin.Core.Results;

namespace LiveClin.Core.Exchange;

/// <summary>Published results, ready to be stored: one run per model, all on one release.</summary>
public sealed record ImportedResults
{
    /// <summary>The release: a known one that the results fit, else one made from the results.</summary>
    public required Release Release { get; init; }

    /// <summary>True when the release was known before and has its texts.</summary>
    public required bool IsKnownRelease { get; init; }

    /// <summary>The models, in order of first appearance.</summary>
    public required ImmutableArray<ImportedModel> Models { get; init; }

    /// <summary>What was left out and why.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}

/// <summary>What one model answered.</summary>
public sealed record ImportedModel
{
    /// <summary>Its display name.</summary>
    public required string Model { get; init; }

    /// <summary>Base URL of its API, as far as the results say.</summary>
    public string? Endpoint { get; init; }

    /// <summary>How images travelled, as far as the results say.</summary>
    public string? ImageMode { get; init; }

    /// <summary>The program that made the results.</summary>
    public required string Program { get; init; }

    /// <summary>When the run began; when the file was written, where the results do not say.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, likewise.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>The answers, by case and question.</summary>
    public required ImmutableArray<Answer> Answers { get; init; }
}
