using System.Globalization;
using System.Text;

namespace LiveClin.Stats.Reports;

/// <summary>Untrusted text in LaTeX: nothing in it may become a command, end a cell, or join into another character.</summary>
internal static class LatexText
{
    /// <summary>A text within a line or a table's cell.</summary>
    public static string Inline(string text)
    {
        var safe = new StringBuilder(text.Length);
        var last = Rune.ReplacementChar;
        foreach (var rune in text.EnumerateRunes())
        {
            // "--" would become a dash, "``" a quote, "?`" a turned question mark.
            if (IsPartOfLigature(rune) && IsPartOfLigature(last)) safe.Append("{}");
            safe.Append(Of(rune));
            last = rune;
        }

        return safe.ToString();
    }

    private static bool IsPartOfLigature(Rune rune) => rune.Value is '-' or '\'' or '`' or ',' or '?' or '!' or '"';

    private static string Of(Rune rune) => rune.Value switch
    {
        '\\' => "\\textbackslash{}",
        '{' => "\\{",
        '}' => "\\}",
        '$' => "\\$",
        '&' => "\\&",
        '#' => "\\#",
        '%' => "\\%",
        '_' => "\\_",
        '^' => "\\textasciicircum{}",
        '~' => "\\textasciitilde{}",
        '<' => "\\textless{}",
        '>' => "\\textgreater{}",
        '|' => "\\textbar{}",
        // After the end of a row these would be an argument of it.
        '[' => "{[}",
        ']' => "{]}",
        '*' => "{*}",
        '–' => "\\textendash{}",
        '—' => "\\textemdash{}",
        '…' => "\\textellipsis{}",
        '·' => "\\textperiodcentered{}",
        '−' => "$-$",
        'χ' => "$\\chi$",
        '²' => "$^2$",
        '\u00a0' => "~",
        _ => Unicode(rune),
    };

    // Letters of other scripts stay: XeLaTeX and LuaLaTeX set them, pdfLaTeX those of its fonts. What steers or cannot be seen does not.
    private static string Unicode(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => " ",
        UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse => "",
        _ => rune.ToString(),
    };
}
