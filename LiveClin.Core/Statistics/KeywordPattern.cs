using System.Text;
using LiveClin.Core.Text;

namespace LiveClin.Core.Statistics;

/// <summary>
/// A keyword rule with the meaning it has in Python's <c>re</c> with IGNORECASE on Unicode text, where .NET's classes differ.
/// In a keyword <c>+</c> is white space, <c>?</c> any one character, <c>*</c> at the end leaves the word open, as in <c>Genom*</c>.
/// </summary>
internal sealed class KeywordPattern
{
    private readonly int[] _keyword;
    private readonly bool _wordStart;
    private readonly bool _wordEnd;

    private KeywordPattern(string keyword, bool wordStart, bool wordEnd)
    {
        _keyword = Fold(keyword);
        _wordStart = wordStart;
        _wordEnd = wordEnd;
    }

    /// <summary>Matches anywhere; a keyword that ends in a full stop only at a word's end.</summary>
    public static KeywordPattern Anywhere(string keyword) => new(keyword.TrimEnd('.'), wordStart: false, wordEnd: keyword.EndsWith('.'));

    /// <summary>Matches whole words; with a star at the end, words that begin so.</summary>
    public static KeywordPattern Words(string keyword) => new(keyword.TrimEnd('*'), wordStart: true, wordEnd: !keyword.EndsWith('*'));

    /// <summary>A text as code points with case folded as Python does for ASCII patterns: that is all that keywords hold.</summary>
    public static int[] Fold(string text) => [.. text.EnumerateRunes().Select(rune => rune.Value switch
    {
        >= 'A' and <= 'Z' => rune.Value + 32,
        0x130 or 0x131 => 'i', // İ, ı
        0x17F => 's', // ſ
        0x212A => 'k', // Kelvin sign
        _ => rune.Value,
    })];

    /// <summary>Whether the keyword occurs in a folded text.</summary>
    public bool Matches(int[] text)
    {
        for (var start = 0; start < text.Length; start++)
            if ((!_wordStart || IsBoundary(text, start)) && MatchesAt(text, start)) return true;
        return false;
    }

    private bool MatchesAt(int[] text, int at)
    {
        foreach (var c in _keyword)
        {
            if (at >= text.Length) return false;
            if (c == '+')
            {
                if (!IsSpace(text[at])) return false;
                while (at < text.Length && IsSpace(text[at])) at++;
            }
            else if (c == '?')
            {
                if (text[at++] == '\n') return false;
            }
            else if (text[at++] != c)
            {
                return false;
            }
        }

        return !_wordEnd || IsBoundary(text, at);
    }

    private static bool IsBoundary(int[] text, int at) =>
        (at > 0 && PythonText.IsWord(text[at - 1])) != (at < text.Length && PythonText.IsWord(text[at]));

    private static bool IsSpace(int codePoint) => codePoint <= char.MaxValue && PythonText.IsSpace((char)codePoint);
}
