using System.Collections.Immutable;

namespace LiveClin.Stats.ResultSets;

/// <summary>What statistics need to know of a case.</summary>
public sealed record CaseFacts
{
    /// <summary>Its identifier; unique in the set.</summary>
    public required string Id { get; init; }

    /// <summary>The published core tool's name for its file.</summary>
    public required string FileName { get; init; }

    /// <summary>Title of the case report, if given.</summary>
    public string? Title { get; init; }

    /// <summary>ICD-10 chapter, if given.</summary>
    public string? Chapter { get; init; }

    /// <summary>Subcategory, if given.</summary>
    public string? Subcategory { get; init; }

    /// <summary>Rarity as text, if given.</summary>
    public string? Rarity { get; init; }

    /// <summary>The scenario, where the source has it.</summary>
    public string? Scenario { get; init; }

    /// <summary>The questions, in order.</summary>
    public required ImmutableArray<QuestionFacts> Questions { get; init; }

    /// <summary>
    /// True when what is stored of it is no case any more: its answers count by their stored outcomes, and of its questions no more is
    /// known than the keys that right answers tell.
    /// </summary>
    public bool IsDamaged { get; init; }

    /// <summary>Position in the set.</summary>
    public int Index { get; init; }

    /// <summary>Position of its first question among all questions of the set.</summary>
    public int FirstQuestion { get; init; }
}

/// <summary>What statistics need to know of a question.</summary>
public sealed record QuestionFacts
{
    /// <summary>Zero-based position in its case.</summary>
    public required int Index { get; init; }

    /// <summary>Stage as written in the release, if given.</summary>
    public string? Stage { get; init; }

    /// <summary>The key: the correct option's letter, upper case; empty where a damaged case does not tell it.</summary>
    public required string Key { get; init; }

    /// <summary>Letters of the options in the order shown; empty where the source does not say.</summary>
    public ImmutableArray<string> Letters { get; init; } = [];

    /// <summary>True when an option has this letter, upper case; of questions whose options are not known any letter will do.</summary>
    public bool Offers(char letter) =>
        Letters.IsEmpty || Letters.Any(offered => offered is [var each] && char.ToUpperInvariant(each) == letter);

    /// <summary>
    /// The letter of the first option with the same text, by that of each option that repeats one; empty nearly everywhere.
    /// </summary>
    public ImmutableDictionary<string, string> SameText { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// The letter that stands for what an answer means: of options with the same text the first one's. Null where no option has the
    /// letter.
    /// </summary>
    public char? Meant(char? letter)
    {
        if (letter is not { } given || !Offers(given)) return null;
        var same = SameText.FirstOrDefault(pair => pair.Key is [var each] && char.ToUpperInvariant(each) == given).Value;
        return same is [var first] ? char.ToUpperInvariant(first) : given;
    }

    /// <summary>Lengths of the options' texts in UTF-16 code units, in the same order; empty where the source does not say.</summary>
    public ImmutableArray<int> OptionLengths { get; init; } = [];

    /// <summary>
    /// The letter that each floor gives that looks at the texts, by the floor's name; empty where the source has no texts.
    /// </summary>
    public ImmutableDictionary<string, string> FloorLetters { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Modality texts of the figures shown with it, the scenario's with the first question.</summary>
    public ImmutableArray<string> ImageTypes { get; init; } = [];

    /// <summary>Modality texts of the tables shown with it, likewise.</summary>
    public ImmutableArray<string> TableTypes { get; init; } = [];
}
