namespace LiveClin.Core.Text;

/// <summary>A stretch of untrusted text: shown as it is, highlighted, or a character that is named instead of written.</summary>
/// <param name="Text">The text; for a character its code, for example <c>U+202E</c>.</param>
/// <param name="Kind">How it is shown.</param>
public readonly record struct TextRun(string Text, TextRunKind Kind)
{
    /// <summary>Splits a text so that no character in it can hide, turn or erase others where it is shown.</summary>
    /// <param name="text">Any text, lone surrogates included.</param>
    /// <param name="start">First character to highlight; -1 for none.</param>
    /// <param name="length">How many.</param>
    public static IReadOnlyList<TextRun> Split(string text, int start = -1, int length = 1)
    {
        var runs = new List<TextRun>();
        var from = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            var boundary = i == text.Length || i == start || (start >= 0 && i == start + length) || IsNamed(text, i);
            if (!boundary) continue;
            if (i > from)
                runs.Add(new TextRun(text[from..i], start >= 0 && from >= start && from < start + length
                    ? TextRunKind.Highlight : TextRunKind.Plain));
            from = i;
            if (i == text.Length || !IsNamed(text, i)) continue;
            runs.Add(new TextRun($"U+{(int)text[i]:X4}", TextRunKind.Named));
            from = i + 1;
        }

        return runs;
    }

    /// <summary>A short text in which such characters are named.</summary>
    public static string Plain(string text) => string.Concat(Split(text).Select(run => run.Text));

    /// <summary>A name in which such characters are named, and which is cut in the middle when it would fill pages.</summary>
    public static string Name(string text)
    {
        const int Longest = 120;
        return Plain(text.Length <= Longest ? text : $"{text[..(Longest / 2)]}…{text[^(Longest / 2)..]}");
    }

    // Controls other than tab and line ends, marks that change the direction of writing, invisible characters, halves of pairs.
    private static bool IsNamed(string text, int i) => text[i] switch
    {
        '\t' or '\n' => false,
        '\r' => i + 1 == text.Length || text[i + 1] != '\n',
        _ => ShownText.IsHarmful(text, i),
    };
}

/// <summary>How a <see cref="TextRun"/> is shown.</summary>
public enum TextRunKind
{
    /// <summary>As it is.</summary>
    Plain = 0,

    /// <summary>As it is, marked.</summary>
    Highlight = 1,

    /// <summary>By its code.</summary>
    Named = 2,
}
