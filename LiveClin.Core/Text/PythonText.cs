using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LiveClin.Core.Text;

/// <summary>
/// Python 3's character classes (<c>re</c>) and string methods (<c>str</c>) on Unicode text, where .NET's own differ; the published tools
/// are Python.
/// </summary>
public static class PythonText
{
    // .NET 10 knows Unicode 16.0; Python 3.11, which the recorded results come from, knows 14.0. Scores must not change
    // with the runtime, so letters and digits assigned after 14.0 are what they were for that Python: unassigned, no word characters.
    private static readonly (int First, int Last)[] LaterThanUnicode14 =
    [
        (0x1C89, 0x1C8A), (0xA7CB, 0xA7CD), (0xA7DA, 0xA7DC), (0x105C0, 0x105F3), (0x10D40, 0x10D65), (0x10D6F, 0x10D85),
        (0x10EC2, 0x10EC4), (0x1123F, 0x11240), (0x11380, 0x11389), (0x1138B, 0x1138B), (0x1138E, 0x1138E), (0x11390, 0x113B5),
        (0x113B7, 0x113B7), (0x113D1, 0x113D1), (0x113D3, 0x113D3), (0x116D0, 0x116E3), (0x11BC0, 0x11BE0), (0x11BF0, 0x11BF9),
        (0x11F02, 0x11F02), (0x11F04, 0x11F10), (0x11F12, 0x11F33), (0x11F50, 0x11F59), (0x1342F, 0x1342F), (0x13441, 0x13446),
        (0x13460, 0x143FA), (0x16100, 0x1611D), (0x16130, 0x16139), (0x16D40, 0x16D6C), (0x16D70, 0x16D79), (0x18CFF, 0x18CFF),
        (0x1B132, 0x1B132), (0x1B155, 0x1B155), (0x1CCF0, 0x1CCF9), (0x1D2C0, 0x1D2D3), (0x1DF25, 0x1DF2A), (0x1E030, 0x1E06D),
        (0x1E4D0, 0x1E4EB), (0x1E4F0, 0x1E4F9), (0x1E5D0, 0x1E5ED), (0x1E5F0, 0x1E5FA), (0x2B739, 0x2B739), (0x2EBF0, 0x2EE5D),
        (0x31350, 0x323AF),
    ];

    /// <summary>
    /// <c>\s</c>, which is also what <c>str.strip()</c> takes away: .NET's white space and the four information separators.
    /// </summary>
    public static bool IsSpace(char character) => char.IsWhiteSpace(character) || character is >= '\u001C' and <= '\u001F';

    /// <summary><c>str.strip()</c>.</summary>
    public static string Strip(string text)
    {
        var start = 0;
        var end = text.Length;
        while (start < end && IsSpace(text[start])) start++;
        while (end > start && IsSpace(text[end - 1])) end--;
        return text[start..end];
    }

    /// <summary>True for a text of which <c>str.strip()</c> leaves nothing.</summary>
    public static bool IsBlank([NotNullWhen(false)] string? text)
    {
        foreach (var character in text ?? "")
            if (!IsSpace(character)) return false;
        return true;
    }

    /// <summary>
    /// <c>\w</c>: letters, numbers of every kind (<c>²</c>, <c>Ⅳ</c>) and the underscore, but no combining marks or joiners, which .NET
    /// counts in.
    /// </summary>
    public static bool IsWord(int codePoint)
    {
        if (codePoint < 0x80) return char.IsAsciiLetterOrDigit((char)codePoint) || codePoint == '_';
        return IsLetterOrNumber(CharUnicodeInfo.GetUnicodeCategory(codePoint)) && !IsLaterThanUnicode14(codePoint);
    }

    /// <summary>True when <c>\b</c> holds between the word character at <paramref name="index"/> and what precedes it.</summary>
    public static bool BeginsWord(ReadOnlySpan<char> text, int index)
    {
        if (index == 0) return true;
        var previous = text[index - 1];
        var isPair = char.IsLowSurrogate(previous) && index >= 2 && char.IsHighSurrogate(text[index - 2]);
        return !IsWord(isPair ? char.ConvertToUtf32(text[index - 2], previous) : previous);
    }

    /// <summary>True when <c>\b</c> holds between the word character at <paramref name="index"/> and what follows it.</summary>
    public static bool EndsWord(ReadOnlySpan<char> text, int index)
    {
        if (index + 1 == text.Length) return true;
        var next = text[index + 1];
        var isPair = char.IsHighSurrogate(next) && index + 2 < text.Length && char.IsLowSurrogate(text[index + 2]);
        return !IsWord(isPair ? char.ConvertToUtf32(next, text[index + 2]) : next);
    }

    /// <summary>
    /// Equality under IGNORECASE with a lower-case letter of a pattern: <c>i</c> takes <c>ı</c> and <c>İ</c>, <c>s</c> takes <c>ſ</c>, as
    /// Python has it.
    /// </summary>
    public static bool EqualsIgnoreCase(char character, char lower) => lower switch
    {
        'i' => character is 'i' or 'I' or 'ı' or 'İ',
        's' => character is 's' or 'S' or 'ſ',
        _ => (character | 0x20) == lower && char.IsAscii(character),
    };

    /// <summary><c>str.upper()</c> of a letter that <c>[A-J]</c> takes under IGNORECASE; <c>İ</c> is its own upper case.</summary>
    public static string Upper(char letter) => letter == 'ı' ? "I" : char.ToUpperInvariant(letter).ToString();

    private static bool IsLetterOrNumber(UnicodeCategory category) => category
        is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    private static bool IsLaterThanUnicode14(int codePoint)
    {
        foreach (var (first, last) in LaterThanUnicode14)
            if (codePoint <= last) return codePoint >= first;
        return false;
    }
}
