using System.Text;
using LiveClin.Core.Text;

namespace LiveClin.Stats.Reports;

/// <summary>Untrusted text in Markdown: nothing in it may become Markdown or HTML.</summary>
internal static class MarkdownText
{
    /// <summary>A text within a line or a table's cell.</summary>
    public static string Inline(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var c in ShownText.Line(text))
        {
            if (@"\|`*_[]<>#!".Contains(c, StringComparison.Ordinal)) safe.Append('\\').Append(c);
            else safe.Append(c);
        }

        return safe.ToString();
    }

    /// <summary>A text as a block of its own, as it is; the fence is longer than any in it.</summary>
    public static string Block(string text)
    {
        int longest = 0, run = 0;
        foreach (var c in text) longest = Math.Max(longest, run = c == '`' ? run + 1 : 0);
        var fence = new string('`', Math.Max(3, longest + 1));
        return $"{fence}text\n{text}\n{fence}\n";
    }
}
