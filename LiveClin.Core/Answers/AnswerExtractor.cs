using System.Buffers;
using LiveClin.Core.Text;

namespace LiveClin.Core.Answers;

/// <summary>
/// Finds the answer's letter in a reply exactly as the published tools do: scores are comparable only under their rule, weaknesses
/// included. The published patterns are Python regular expressions; here each is one pass by hand, so that no reply can make it slow.
/// </summary>
public static class AnswerExtractor
{
    // The published pattern also names "selected option", which can only find what "option" finds.
    private static readonly string[] Keywords = ["answer", "option", "choice"];
    private static readonly SearchValues<char> KeywordInitials = SearchValues.Create("aAoOcC");

    // Without a culture library IndexOf ignores case one character at a time, and replies of reasoning models are long.
    private const string Boxed = @"\boxed{";
    private static readonly SearchValues<string> BoxedInAnyCase = SearchValues.Create([Boxed], StringComparison.OrdinalIgnoreCase);

    /// <summary>The letter that the published rule finds in a reply.</summary>
    /// <param name="reply">The reply as the model gave it; any text, lone surrogates included.</param>
    /// <param name="protocol">The generation of the published tools to follow.</param>
    public static Extraction Extract(string reply, ExtractionProtocol protocol = ExtractionProtocol.Core)
    {
        ArgumentNullException.ThrowIfNull(reply);
        if (FirstBoxed(reply) is >= 0 and var boxed) return Found(reply, boxed, ExtractionRule.Boxed);
        if (FirstPhrase(reply) is >= 0 and var phrase) return Found(reply, phrase, ExtractionRule.Phrase);
        if (LastLine(reply, protocol) is >= 0 and var line) return Found(reply, line, ExtractionRule.Line);
        if (LastCapital(reply) is >= 0 and var capital) return Found(reply, capital, ExtractionRule.Capital);
        // The published fifth rule, a reply of one letter, has nothing left to find: such a reply is a line of one letter.
        return Extraction.None;
    }

    private static Extraction Found(string reply, int index, ExtractionRule rule) => new(PythonText.Upper(reply[index]), rule, index);

    /// <summary>Rule 1: <c>\boxed{ C }</c>.</summary>
    private static int FirstBoxed(ReadOnlySpan<char> text)
    {
        for (var from = 0; text[from..].IndexOfAny(BoxedInAnyCase) is >= 0 and var found;)
        {
            from += found + Boxed.Length;
            var letter = SkipSpace(text, from);
            if (letter == text.Length || !IsLetter(text[letter])) continue;
            var closing = SkipSpace(text, letter + 1);
            if (closing < text.Length && text[closing] == '}') return letter;
        }
        return -1;
    }

    /// <summary>Rule 2: <c>The answer is: C</c>.</summary>
    private static int FirstPhrase(ReadOnlySpan<char> text)
    {
        for (var at = 0; text[at..].IndexOfAny(KeywordInitials) is >= 0 and var found; at++)
        {
            at += found;
            if (KeywordLength(text[at..]) is > 0 and var length && LetterAfterFiller(text, at + length) is >= 0 and var letter)
                return letter;
        }
        return -1;
    }

    private static int KeywordLength(ReadOnlySpan<char> text)
    {
        foreach (var keyword in Keywords)
        {
            var matching = 0;
            while (matching < keyword.Length && matching < text.Length && PythonText.EqualsIgnoreCase(text[matching], keyword[matching]))
                matching++;
            if (matching == keyword.Length) return matching;
        }
        return 0;
    }

    /// <summary>
    /// The letter after as much filler as possible. An <c>i</c> is filler and a letter at once: failing a letter behind the filler, the
    /// last one in it counts.
    /// </summary>
    private static int LetterAfterFiller(ReadOnlySpan<char> text, int start)
    {
        var letter = start;
        while (letter < text.Length && IsFiller(text[letter])) letter++;
        for (; letter >= start; letter--)
            if (letter < text.Length && IsLetter(text[letter]) && PythonText.EndsWord(text, letter)) return letter;
        return -1;
    }

    /// <summary>Rule 3: a line such as <c>C</c> or <c>C).</c>; core takes no more than three characters.</summary>
    private static int LastLine(ReadOnlySpan<char> text, ExtractionProtocol protocol)
    {
        var longest = protocol == ExtractionProtocol.Core ? 3 : int.MaxValue;
        for (var end = text.Length; end >= 0;)
        {
            // Lines end at \n alone: a lone \r or U+2028 is white space within one.
            var start = text[..end].LastIndexOf('\n') + 1;
            var (first, last) = (SkipSpace(text[..end], start), end - 1);
            while (last > first && PythonText.IsSpace(text[last])) last--;
            if (first < end && last - first < longest && IsLetter(text[first]) && IsOnlyClosing(text[(first + 1)..(last + 1)]))
                return first;
            end = start - 1;
        }
        return -1;
    }

    /// <summary>Rule 4: the last capital that stands alone.</summary>
    private static int LastCapital(ReadOnlySpan<char> text)
    {
        for (var end = text.Length; text[..end].LastIndexOfAnyInRange('A', 'J') is >= 0 and var at; end = at)
            if (PythonText.BeginsWord(text, at) && PythonText.EndsWord(text, at)) return at;
        return -1;
    }

    private static bool IsLetter(char character) => character is >= 'A' and <= 'J' or >= 'a' and <= 'j' or 'ı' or 'İ';

    private static bool IsFiller(char character) => character is ':' or '-' || PythonText.IsSpace(character)
        || PythonText.EqualsIgnoreCase(character, 'i') || PythonText.EqualsIgnoreCase(character, 's');

    private static bool IsOnlyClosing(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
            if (character is not ('.' or ')') && !PythonText.IsSpace(character)) return false;
        return true;
    }

    private static int SkipSpace(ReadOnlySpan<char> text, int index)
    {
        while (index < text.Length && PythonText.IsSpace(text[index])) index++;
        return index;
    }
}
