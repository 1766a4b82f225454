using System.Collections.Immutable;

namespace LiveClin.Core.Cases;

/// <summary>One multiple-choice question (the published format's <c>mcq</c>).</summary>
public sealed record Question
{
    /// <summary>Zero-based position in the case.</summary>
    public required int Index { get; init; }

    /// <summary>Stage of the clinical course, as written in the release.</summary>
    public string? Stage { get; init; }

    /// <summary>The question's text.</summary>
    public required string Text { get; init; }

    /// <summary>Options in the order in which they are shown: sorted by letter, ordinal.</summary>
    public required ImmutableArray<Option> Options { get; init; }

    /// <summary>The key: the correct option's letter, upper case.</summary>
    public required string Key { get; init; }

    /// <summary>Figures shown with the question.</summary>
    public ImmutableArray<Figure> Figures { get; init; } = [];

    /// <summary>Tables shown with the question.</summary>
    public ImmutableArray<Table> Tables { get; init; } = [];
}

/// <summary>One option of a question.</summary>
/// <param name="Letter">Its letter as written in the release, usually A–J.</param>
/// <param name="Text">Its text.</param>
public sealed record Option(string Letter, string Text);

/// <summary>A figure of a scenario or question.</summary>
public sealed record Figure
{
    /// <summary>Path relative to the release's image root.</summary>
    public string? File { get; init; }

    /// <summary>Public address of the image.</summary>
    public string? Url { get; init; }

    /// <summary>The name by which the text refers to it (<c>Figure 2</c>). A figure without one is not shown to the model.</summary>
    public string? CaptionPrefix { get; init; }

    /// <summary>Caption of the source article; never shown to the model.</summary>
    public string? Caption { get; init; }

    /// <summary>Label in the source article.</summary>
    public string? Label { get; init; }

    /// <summary>Identifier in the source article.</summary>
    public string? Id { get; init; }

    /// <summary>Modality in words, for example <c>Histopathology</c>.</summary>
    public string? Type { get; init; }
}

/// <summary>A table of a scenario or question.</summary>
public sealed record Table
{
    /// <summary>The name by which the text refers to it (<c>Table 1</c>).</summary>
    public string? CaptionPrefix { get; init; }

    /// <summary>Caption, shown to the model.</summary>
    public string? Caption { get; init; }

    /// <summary>The table as Markdown; a table without content is not shown.</summary>
    public string? Content { get; init; }

    /// <summary>Identifier in the source article.</summary>
    public string? Id { get; init; }

    /// <summary>Modality in words, for example <c>Laboratory</c>.</summary>
    public string? Type { get; init; }
}
