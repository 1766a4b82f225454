using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SkiaSharp;

namespace LiveClin.Stats.Plots;

/// <summary>
/// Text as the embedded faces can draw it (Latin, Greek, Cyrillic). Other characters stand as their code points, <c>«6A21 578B»</c>, so
/// that no name becomes a row of boxes; in SVG they are written as text again, in a face of the viewer's machine.
/// </summary>
internal static partial class DrawnText
{
    private static readonly SKFont Face = PlotFonts.Font(12, bold: false);

    /// <summary>Without what no SVG may hold or what turns the direction of writing: names come from outside.</summary>
    public static string Clean(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => IsHarmless(rune) ? rune : Rune.ReplacementChar));

    /// <summary>The text to be drawn.</summary>
    public static string Of(string text)
    {
        var drawn = new StringBuilder(text.Length);
        var inside = false;
        foreach (var rune in Clean(text).EnumerateRunes())
        {
            var known = Face.ContainsGlyph(rune.Value);
            drawn.Append(known == inside ? (known ? "»" : "«") : known ? "" : " ");
            inside = !known;
            if (known) drawn.Append(rune.ToString());
            else drawn.Append(CultureInfo.InvariantCulture, $"{rune.Value:X4}");
        }

        return (inside ? drawn.Append('»') : drawn).ToString();
    }

    /// <summary>What drawn text stands for; null when it is drawn as it is.</summary>
    public static string? Meant(string drawn) =>
        CodePoints().IsMatch(drawn) ? Clean(CodePoints().Replace(drawn, match => string.Concat(Runes(match)))) : null;

    private static IEnumerable<string> Runes(Match match) =>
        match.Groups[1].Value.Split(' ')
            .Select(code => Rune.TryCreate(int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture), out var rune)
            ? rune.ToString() : "\ufffd");

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned);

    [GeneratedRegex("«((?:[0-9A-F]{4,6} )*[0-9A-F]{4,6})[»…]")]
    private static partial Regex CodePoints();
}
