namespace LiveClin.Core.Answers;

/// <summary>The published rule that found a letter, in the order in which the rules are tried.</summary>
public enum ExtractionRule
{
    /// <summary>No rule matched.</summary>
    None = 0,

    /// <summary>The first <c>\boxed{X}</c>.</summary>
    Boxed = 1,

    /// <summary>A letter after <c>answer</c>, <c>option</c>, <c>choice</c> or <c>selected option</c>.</summary>
    Phrase = 2,

    /// <summary>A line that is only a letter, going up from the last line.</summary>
    Line = 3,

    /// <summary>The last stand-alone capital letter.</summary>
    Capital = 4,

    /// <summary>
    /// The whole reply is one letter. Published, but never reached: such a reply is a line of one letter (<see cref="Line"/>).
    /// </summary>
    Whole = 5,
}

/// <summary>Which generation of the published tools is reproduced; they differ in rule 3.</summary>
public enum ExtractionProtocol
{
    /// <summary>The core tools (api_client.py and the rest).</summary>
    Core = 0,

    /// <summary>The later package, version 1.0.0.</summary>
    V1 = 1,
}

/// <summary>The letter found in a reply, by which rule and where.</summary>
/// <param name="Letter">
/// Upper-case letter A–J, or null when no rule matched. A reply's <c>İ</c> passes for an I and stays <c>İ</c>, as published: wrong under
/// every key.
/// </param>
/// <param name="Rule">The rule that matched.</param>
/// <param name="Start">Index of the letter in the reply, in UTF-16 code units; -1 when none.</param>
public readonly record struct Extraction(string? Letter, ExtractionRule Rule, int Start)
{
    /// <summary>No rule matched.</summary>
    public static Extraction None { get; } = new(null, ExtractionRule.None, -1);
}
