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

    public static ShownCase Apply(ShownCase shown) => shown.WithQuestions(Replace);

    private static Question Replace(Question question)
    {
        var key = question.Options.FirstOrDefault(option => IsKey(question, option));
        if (key is null || question.Options.Any(option => (option != key && option.Text == key.Text) || SpeaksOfOthers().IsMatch(option.Text))) return question;
        return question with { Options = [.. question.Options.Select(option => option == key ? option with { Text = Text } : option)] };
    }

    private static bool IsKey(Question question, Option option) => string.Equals(option.Letter, question.Key, StringComparison.OrdinalIgnoreCase);

    // "All of the above", "None of the other options is right", "All options are correct", "None of these."
    [GeneratedRegex(
        """
        \b(all|none)\s+(of\s+)?(the\s+)?(above|below|preceding|following)\b
        |\b(all|none)\s+of\s+(the\s+)?(others?|remaining|listed|given|answers?|options?|choices?|statements?|alternatives?)\b
        |\b(all|none)\s+(the\s+)?(other\s+|listed\s+|given\s+)?(answers?|options?|choices?)\b
        |\b(all|none)\s+of\s+(these|those|them)\s*[.!]?\s*$
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex SpeaksOfOthers();
}
