namespace LiveClin.Core.Answers;

/// <summary>
/// The strict rule that stands beside the published one and never replaces it: reasoning text does not count, only boxes do,
/// the last box decides, and its letter must be one that was offered.
/// </summary>
public static class StrictExtractor
{
    private const string Box = @"\boxed";
    private static readonly string[] Styles = [@"\text", @"\textbf", @"\textrm", @"\mathbf", @"\mathrm", @"\mathsf", @"\mathit", @"\bm",
        @"\boldsymbol"];

    /// <summary>The letter in the reply's last box, for example <c>\boxed{C}</c> or <c>$\boxed{\text{ C }}$</c>.</summary>
    /// <param name="reply">The reply as the model gave it.</param>
    /// <param name="offeredLetters">The letters of the question's options, upper case, for example <c>ABCDEFGHIJ</c>.</param>
    public static Extraction Extract(string reply, ReadOnlySpan<char> offeredLetters)
    {
        ArgumentNullException.ThrowIfNull(reply);
        var text = ReasoningText.Blank(reply);
        var box = text.LastIndexOf(Box, StringComparison.Ordinal);
        if (box < 0 || LetterIndex(text[(box + Box.Length)..]) is not (>= 0 and var offset)) return Extraction.None;
        var index = box + Box.Length + offset;
        var letter = char.ToUpperInvariant(reply[index]);
        return offeredLetters.Contains(letter) ? new(letter.ToString(), ExtractionRule.Boxed, index) : Extraction.None;
    }

    /// <summary>
    /// Index of the one letter in <c>{…}</c>, whatever of styles, dollars and spaces is around it; -1 when the braces hold anything else.
    /// </summary>
    private static int LetterIndex(ReadOnlySpan<char> text)
    {
        var at = SkipPadding(text, 0);
        var depth = 0;
        while (at < text.Length && (text[at] == '{' || text[at] == '\\'))
        {
            if (text[at] == '\\') at = SkipStyle(text, at);
            if (at == text.Length || text[at] != '{') return -1;
            depth++;
            at = SkipPadding(text, at + 1);
        }
        if (depth == 0 || at == text.Length || !char.IsAsciiLetter(text[at])) return -1;
        var letter = at;
        for (at = SkipPadding(text, at + 1); depth > 0 && at < text.Length && text[at] == '}'; at = SkipPadding(text, at + 1)) depth--;
        return depth == 0 ? letter : -1;
    }

    private static int SkipStyle(ReadOnlySpan<char> text, int at)
    {
        var name = at + 1;
        while (name < text.Length && char.IsAsciiLetter(text[name])) name++;
        foreach (var style in Styles)
            if (text[at..name].SequenceEqual(style)) return SkipPadding(text, name);
        return text.Length;
    }

    private static int SkipPadding(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && (text[at] == '$' || char.IsWhiteSpace(text[at]))) at++;
        return at;
    }
}
