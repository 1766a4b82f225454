using System.Collections.Immutable;

namespace LiveClin.Core.Cases;

/// <summary>One clinical case of a release: a scenario followed by questions that are asked in order, in one conversation.</summary>
public sealed record Case
{
    /// <summary>Zero-based position in the release; identifies the case inside it.</summary>
    public required int Ordinal { get; init; }

    /// <summary>One-based line in the release's JSONL file, for messages.</summary>
    public required int Line { get; init; }

    /// <summary>The identifier that people use: the bare PMC text, else <c>PMID_n</c>, else the DOI, else <c>LINE_n</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The published core tool's name for the case's file, unique in the release (for example <c>PMC11577515.json</c>).</summary>
    public required string FileName { get; init; }

    /// <summary>PMC number as text, if the release gives one.</summary>
    public string? Pmc { get; init; }

    /// <summary>PubMed identifier as text, if given.</summary>
    public string? Pmid { get; init; }

    /// <summary>DOI as written in the release.</summary>
    public string? Doi { get; init; }

    /// <summary>Title of the case report.</summary>
    public string? Title { get; init; }

    /// <summary>ICD-10 chapter (<c>Level1</c>).</summary>
    public string? Chapter { get; init; }

    /// <summary>ICD-10 subcategory (<c>Level2</c>).</summary>
    public string? Subcategory { get; init; }

    /// <summary>ICD-10 code and name.</summary>
    public string? Icd10 { get; init; }

    /// <summary>Rarity as text: <c>0</c>, <c>1</c>, <c>2</c>, or <c>rare</c> and <c>unrare</c> in later releases.</summary>
    public string? Rarity { get; init; }

    /// <summary>The clinical scenario that opens the conversation.</summary>
    public required string Scenario { get; init; }

    /// <summary>Figures shown with the scenario.</summary>
    public ImmutableArray<Figure> Figures { get; init; } = [];

    /// <summary>Tables shown with the scenario.</summary>
    public ImmutableArray<Table> Tables { get; init; } = [];

    /// <summary>The questions, in the order in which they are asked.</summary>
    public required ImmutableArray<Question> Questions { get; init; }

    /// <summary>The case's JSON line as it stands in the release, so that unknown fields survive an export.</summary>
    public required string Json { get; init; }

    /// <summary>
    /// True when what is stored of the case is no case any more: texts and options are lost, and of its questions no more is known than
    /// what the answers to them tell; a key that no answer tells is empty.
    /// </summary>
    public bool IsDamaged { get; init; }
}
