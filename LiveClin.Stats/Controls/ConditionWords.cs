using LiveClin.Core.Conditions;

namespace LiveClin.Stats.Controls;

/// <summary>What a model gets under a condition, in a few words; the table of docs/conditions.md in short.</summary>
public static class ConditionWords
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        [Condition.PublishedName] = "the published prompts",
        ["shuffled"] = "the options in another order",
        ["rotated"] = "the options moved on in a circle",
        ["no-images"] = "the same text, no image",
        ["images-missing"] = "no image, and a line that says so",
        ["blank-images"] = "grey images",
        ["swapped-images"] = "images of other cases",
        ["no-tables"] = "no tables",
        ["no-case"] = "the questions alone, no case",
        ["choices-only"] = "the options alone, no question",
        ["none-of-the-above"] = "the right option replaced by “none of the other answers”",
        ["gold-history"] = "right letters as its earlier replies",
        ["wrong-history"] = "wrong letters as its earlier replies",
        ["single-turn"] = "each question in a conversation of its own",
    };

    /// <summary>The words; of a joined condition those of its parts.</summary>
    public static string Of(string condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return string.Join("; ", condition.Split('+').Select(part => Words.GetValueOrDefault(part.Split(':')[0], part)));
    }
}
