using System.Collections.Immutable;
using LiveClin.Core.Statistics;

namespace LiveClin.Core.Formats;

/// <summary>The content of a v1 results file: one model's answers to one release.</summary>
public sealed record V1Results
{
    /// <summary>Model, release, times.</summary>
    public required V1Meta Meta { get; init; }

    /// <summary>The cases, in file order.</summary>
    public required ImmutableArray<V1Case> Cases { get; init; }

    /// <summary>The published statistics over the cases.</summary>
    public V1Summary Summary => V1Analyzer.Analyze(Cases);
}

/// <summary>The head of a v1 results file.</summary>
public sealed record V1Meta
{
    /// <summary>The version of the published package whose format this is.</summary>
    public const string FormatVersion = "1.0.0";

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The release.</summary>
    public required string Dataset { get; init; }

    /// <summary><c>local</c> or <c>url</c>.</summary>
    public string? ImageMode { get; init; }

    /// <summary>Base URL of the API.</summary>
    public string? ApiBase { get; init; }

    /// <summary>When the run began, ISO 8601; null when unknown.</summary>
    public string? StartedAt { get; init; }

    /// <summary>When it ended; null when unknown or not ended.</summary>
    public string? FinishedAt { get; init; }

    /// <summary>Version of the tool that wrote the file.</summary>
    public string? LiveClinVersion { get; init; } = FormatVersion;
}

/// <summary>A case of a v1 results file.</summary>
public sealed record V1Case
{
    /// <summary>The case's identifier.</summary>
    public required string CaseId { get; init; }

    /// <summary>PMC number as text.</summary>
    public string? Pmc { get; init; }

    /// <summary>DOI.</summary>
    public string? Doi { get; init; }

    /// <summary>Rarity as JSON, so that a number stays a number: <c>1</c>, <c>"rare"</c>.</summary>
    public string RarityJson { get; init; } = "\"unknown\"";

    /// <summary>ICD-10 chapter; null when the file has none.</summary>
    public string? Level1 { get; init; }

    /// <summary>ICD-10 subcategory; null when the file has none.</summary>
    public string? Level2 { get; init; }

    /// <summary>The number of correct questions that the file states; null to count them.</summary>
    public int? StatedCorrect { get; init; }

    /// <summary>The questions, in order.</summary>
    public required ImmutableArray<V1Mcq> Mcqs { get; init; }

    /// <summary>Correct questions.</summary>
    public int CorrectMcqs => StatedCorrect ?? Mcqs.Count(m => m.IsCorrect);

    /// <summary>True when every question is correct and there is one.</summary>
    public bool IsCorrect => Mcqs.Length > 0 && CorrectMcqs == Mcqs.Length;
}

/// <summary>A question of a v1 results file.</summary>
public sealed record V1Mcq
{
    /// <summary>Stage, as written in the release.</summary>
    public string Stage { get; init; } = "";

    /// <summary>Zero-based position in the case.</summary>
    public required int Index { get; init; }

    /// <summary>The key.</summary>
    public string CorrectAnswer { get; init; } = "";

    /// <summary>The letter found; null when none.</summary>
    public string? ExtractedAnswer { get; init; }

    /// <summary>Whether it is the key.</summary>
    public bool IsCorrect { get; init; }

    /// <summary>The raw reply; null when there is none.</summary>
    public string? Response { get; init; }

    /// <summary>Why there is no reply.</summary>
    public string? Error { get; init; }

    /// <summary>Type texts of the figures shown; empty for skipped questions.</summary>
    public ImmutableArray<string> ImageTypes { get; init; } = [];

    /// <summary>Type texts of the tables shown; empty for skipped questions.</summary>
    public ImmutableArray<string> TableTypes { get; init; } = [];
}
