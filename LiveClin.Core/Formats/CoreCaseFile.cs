using System.Collections.Immutable;

namespace LiveClin.Core.Formats;

/// <summary>One evaluated case file of a core folder.</summary>
public sealed record CoreCaseFile
{
    /// <summary>The file's name, for example <c>PMC11577515.json</c>.</summary>
    public required string FileName { get; init; }

    /// <summary>PMC number as text, if given.</summary>
    public string? Pmc { get; init; }

    /// <summary>PubMed identifier as text, if given.</summary>
    public string? Pmid { get; init; }

    /// <summary>DOI, if given.</summary>
    public string? Doi { get; init; }

    /// <summary>Title of the case report.</summary>
    public string? Title { get; init; }

    /// <summary>ICD-10 chapter (<c>Level1</c>).</summary>
    public string? Chapter { get; init; }

    /// <summary>ICD-10 subcategory (<c>Level2</c>).</summary>
    public string? Subcategory { get; init; }

    /// <summary>Rarity as Python's <c>str</c> prints it; <c>Unknown</c> when absent.</summary>
    public required string Rarity { get; init; }

    /// <summary>The scenario, if any.</summary>
    public string? Scenario { get; init; }

    /// <summary>The questions, in file order.</summary>
    public required ImmutableArray<CoreQuestion> Questions { get; init; }
}

/// <summary>A question of a core case file with what the models answered.</summary>
public sealed record CoreQuestion
{
    /// <summary>Stage of the clinical course, as written.</summary>
    public string? Stage { get; init; }

    /// <summary>The question's text.</summary>
    public string? Text { get; init; }

    /// <summary>The options' letters and texts, in file order.</summary>
    public ImmutableArray<Cases.Option> Options { get; init; } = [];

    /// <summary>The key, as written.</summary>
    public string? CorrectAnswer { get; init; }

    /// <summary>Type texts of the figures shown with it; the scenario's belong to the first question.</summary>
    public ImmutableArray<string> ImageTypes { get; init; } = [];

    /// <summary>Type texts of the tables shown with it; the scenario's belong to the first question.</summary>
    public ImmutableArray<string> TableTypes { get; init; } = [];

    /// <summary>One entry per model, in file order.</summary>
    public ImmutableArray<CoreEntry> Entries { get; init; } = [];
}

/// <summary>What one model answered to one question: an item of <c>evaluate</c>.</summary>
public sealed record CoreEntry
{
    /// <summary>The model (<c>model_id</c>).</summary>
    public required string ModelId { get; init; }

    /// <summary>The user message's text (<c>input_prompt_to_model</c>).</summary>
    public string? Prompt { get; init; }

    /// <summary>The raw reply (<c>model_raw_response</c>); null when there is none.</summary>
    public string? Response { get; init; }

    /// <summary>The letter found (<c>extracted_answer</c>).</summary>
    public string? ExtractedAnswer { get; init; }

    /// <summary>Whether the letter is the key (<c>is_correct</c>).</summary>
    public bool IsCorrect { get; init; }

    /// <summary>Why there is no reply (<c>api_error</c>).</summary>
    public string? ApiError { get; init; }

    /// <summary>The images sent with the prompt, as named in the release (<c>image_paths_sent</c>).</summary>
    public ImmutableArray<string> ImagePathsSent { get; init; } = [];
}
