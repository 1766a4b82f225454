using System.Text;
using System.Text.RegularExpressions;

namespace LiveClin.Core.Text;

/// <summary>
/// Text that a server, a release or a file wrote, made harmless: the one place through which it goes before it reaches a terminal, a line
/// of a log, an XML file or a message. What is a model's reply stays as it is in the store, and is shown on pages by
/// <see cref="TextRun"/>.
/// </summary>
public static partial class ShownText
{
    private const char Replacement = '\ufffd';

    /// <summary>
    /// The text on one line, without anything that steers a terminal, turns the direction of writing, or has no place in XML.
    /// </summary>
    public static string Line(string? text) => Clean(text, keepsLines: false);

    /// <summary>The text likewise, with its line ends and tabs.</summary>
    public static string Lines(string? text) => Clean(text, keepsLines: true);

    /// <summary>True for a character that is never shown as it is: it hides, turns or erases others, or is half of one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="index">The character in it.</param>
    public static bool IsHarmful(string text, int index) => text[index] switch
    {
        < ' ' or (>= '\u007f' and <= '\u009f') => true,
        '\u061c' or '\u200b' or '\u200e' or '\u200f' or (>= '\u2028' and <= '\u202e') or (>= '\u2060' and <= '\u206f') => true,
        '\ufeff' or (>= '\ufff0' and <= '\uffff') => true,
        >= '\ud800' and <= '\udbff' => index + 1 == text.Length || !char.IsLowSurrogate(text[index + 1]),
        >= '\udc00' and <= '\udfff' => index == 0 || !char.IsHighSurrogate(text[index - 1]),
        _ => false,
    };

    /// <summary>True when the text is shown as it is.</summary>
    public static bool IsPlain(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return IsClean(text);
    }

    private static string Clean(string? text, bool keepsLines)
    {
        if (string.IsNullOrEmpty(text) || IsClean(text)) return text ?? "";
        text = TerminalSequence().Replace(text, "");
        var safe = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsHarmful(text, i)) safe.Append(text[i]);
            else if (text[i] is '\n' or '\t' && keepsLines) safe.Append(text[i]);
            else if (text[i] == '\r' && keepsLines && i + 1 < text.Length && text[i + 1] == '\n') continue;
            else safe.Append(text[i] is (>= '\t' and <= '\r') or '\u0085' or '\u2028' or '\u2029' ? ' ' : Replacement);
        }

        return safe.ToString();
    }

    private static bool IsClean(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (IsHarmful(text, i)) return false;
        return true;
    }

    // Samples: ESC [31m (a colour), ESC ]0;title BEL (a window's title), ESC ]52;c;… ST (the clipboard), ESC M
    [GeneratedRegex(@"(?:\x1B\[|\x9B)[0-?]*[ -/]*[@-~]|(?:\x1B[\]PX^_]|[\x90\x98\x9D\x9E\x9F])[^\x07\x1B\x9C]*(?:\x07|\x1B\\|\x9C)?|\x1B[ -/]*[0-~]", RegexOptions.CultureInvariant)]
    private static partial Regex TerminalSequence();
}
