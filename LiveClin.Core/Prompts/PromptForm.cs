namespace LiveClin.Core.Prompts;

/// <summary>Where the scenario's block stands in a conversation.</summary>
public enum ScenarioPlace
{
    /// <summary>Before the first question, as published.</summary>
    FirstTurn = 0,

    /// <summary>Before every question: each one is asked in a conversation of its own.</summary>
    EveryTurn = 1,

    /// <summary>Nowhere.</summary>
    Nowhere = 2,
}

/// <summary>What becomes of the figures that the published prompts show.</summary>
public enum FigureForm
{
    /// <summary>Sent, under lines with their captions' prefixes, as published.</summary>
    Shown = 0,

    /// <summary>Not sent, although the lines stay.</summary>
    LinesOnly = 1,

    /// <summary>Not sent; one line says so in place of heading and lines.</summary>
    SaidToBeMissing = 2,

    /// <summary>Sent as uniform grey of the same size.</summary>
    Blank = 3,
}

/// <summary>How a case is put into words. What a case does not have (its tables, for example) is no matter of form.</summary>
public sealed record PromptForm
{
    /// <summary>As published.</summary>
    public static PromptForm Published { get; } = new();

    /// <summary>Where the scenario stands.</summary>
    public ScenarioPlace Scenario { get; init; }

    /// <summary>What becomes of the figures.</summary>
    public FigureForm Figures { get; init; }

    /// <summary>False to ask by the options alone.</summary>
    public bool HasQuestionText { get; init; } = true;
}
