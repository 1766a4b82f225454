using System.Collections.Immutable;
using LiveClin.Core.Releases;

namespace LiveClin.Core.Cases;

/// <summary>A validated release: its cases and where its images lie.</summary>
public sealed record Release
{
    /// <summary>Name of the release, for example <c>2025_H1</c> or <c>demo</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Full path of the JSONL file.</summary>
    public required string JsonlPath { get; init; }

    /// <summary>Full path of the folder below which images are resolved.</summary>
    public required string ImageRoot { get; init; }

    /// <summary>SHA-256 of the JSONL file, lower-case hexadecimal: the release's identity in the store.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The cases, in file order.</summary>
    public required ImmutableArray<Case> Cases { get; init; }

    /// <summary>
    /// What is odd in the data without preventing a run; with missing images allowed, those too. At most
    /// <see cref="ReleaseReader.MaxProblems"/>.
    /// </summary>
    public ImmutableArray<DataProblem> Warnings { get; init; } = [];

    /// <summary>Number of blank lines that were skipped.</summary>
    public int BlankLines { get; init; }

    /// <summary>Number of questions over all cases.</summary>
    public int QuestionCount => Cases.Sum(c => c.Questions.Length);
}
