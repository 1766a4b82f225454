using System.Text.RegularExpressions;
using LiveClin.Core.Cases;

namespace LiveClin.Core.Conditions;

/// <summary>
/// The key's words become "None of the other answers is correct.", at their place. Where another option has the key's words, or one says
/// already that all or none of the others hold, that would make no good question: it stays as it is.
/// </summary>
internal static partial class NoneOfTheAbove
{
    /// <summary>What the key says then.</summary>
    public const string Text = "None of the other answers is correct.";

    // What an option calls the others, and what may follow where nothing else is meant.
    private const string Noun = "answers?|options?|choices?|statements?|alternatives?|ones", End =
        @"(?=\s*([.,;:!)(]|$)|\s+(is|are|apply|applies|holds?|listed|given)\b)";

    public static ShownCase Apply(ShownCase shown) => shown.WithQuestions(Replace);

    private static Question Replace(Question question)
    {
        var key = question.Options.FirstOrDefault(option => IsKey(question, option));
        if (key is null || question.Options.Any(option => (option != key && option.Text == key.Text)
            || SpeaksOfOthers().IsMatch(option.Text))) return question;
        return question with { Options = [.. question.Options.Select(option => option == key ? option with { Text = Text } : option)] };
    }

    private static bool IsKey(Question question, Option option) =>
        string.Equals(option.Letter, question.Key, StringComparison.OrdinalIgnoreCase);

    // "All of the above.", "None of the other options is right", "All are correct", "Neither of these", "No other answer is right",
    // "None"; what goes on with something else ("all of the above-mentioned lesions", "all other options of immunosuppression") speaks of
    // medicine.
    [GeneratedRegex(
        $"""
        \b(all|none|neither)\s+(of\s+)?(the\s+|these\s+)?(above|below|preceding|following)(\s+({Noun}))?{End}
        |\b(all|none|neither)\s+(of\s+)?(the\s+)?(others?|remaining|listed|given)(\s+({Noun}))?{End}
        |\b(all|none|neither)\s+(of\s+)?(the\s+|these\s+)?({Noun}){End}
        |\b(all|none|neither)\s+of\s+(these|those|them){End}
        |^\s*(all|none|neither){End}
        |\bno\s+(other\s+)?({Noun}){End}
        |\bno\s+(other\s+)?(correct|right|true|suitable)\s+({Noun})\b
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex SpeaksOfOthers();
}
