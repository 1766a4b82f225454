using System.Globalization;
using System.Text;

namespace LiveClin.Hosting.Local.Dashboard.ConsoleLogs;

/// <summary>A piece of a line in one look.</summary>
/// <param name="Text">Without escape sequences.</param>
/// <param name="Css">Classes of the style sheet, or null for the usual look.</param>
internal sealed record AnsiPart(string Text, string? Css);

/// <summary>
/// Reads what terminals read: <c>ESC[1;31mred and boldESC[0m</c> becomes parts with classes; every other sequence
/// (cursor movements, titles, links) and control character is dropped.
/// </summary>
internal static class AnsiText
{
    private const char Escape = '\u001b';
    private static readonly string[] Colors = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

    public static IReadOnlyList<AnsiPart> Parse(string line)
    {
        if (!line.Any(char.IsControl)) return [new(line, null)];
        List<AnsiPart> parts = [];
        var text = new StringBuilder();
        var style = new Style(null, null, false, false, false, false);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] != Escape)
            {
                if (line[i] == '\t' || !char.IsControl(line[i])) text.Append(line[i]);
                continue;
            }

            var end = SequenceEnd(line, i, out var codes);
            if (codes is not null)
            {
                Flush();
                style = Apply(style, codes);
            }

            i = end;
        }

        Flush();
        return parts;

        void Flush()
        {
            if (text.Length == 0) return;
            parts.Add(new(text.ToString(), style.Css));
            text.Clear();
        }
    }

    /// <summary>The line as a text file would have it.</summary>
    public static string Strip(string line) => line.Any(char.IsControl) ? string.Concat(Parse(line).Select(p => p.Text)) : line;

    // Index of a sequence's last character; codes only for colours and styles ("ESC[…m").
    private static int SequenceEnd(string line, int start, out string? codes)
    {
        codes = null;
        if (start + 1 >= line.Length) return start;
        if (line[start + 1] == ']')
        {
            // Operating system command (a title, a link): up to BEL or ESC \.
            for (var i = start + 2; i < line.Length; i++)
            {
                if (line[i] == '\a') return i;
                if (line[i] == Escape && i + 1 < line.Length && line[i + 1] == '\\') return i + 1;
            }

            return line.Length - 1;
        }

        if (line[start + 1] != '[') return start + 1;
        for (var i = start + 2; i < line.Length; i++)
        {
            if (line[i] is < '@' or > '~') continue;
            if (line[i] == 'm') codes = line[(start + 2)..i];
            return i;
        }

        return line.Length - 1;
    }

    private static Style Apply(Style style, string codes)
    {
        var numbers = codes.Split(';', ':').Select(c => int.TryParse(c, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0).ToArray();
        for (var i = 0; i < numbers.Length; i++)
        {
            style = numbers[i] switch
            {
                0 => new(null, null, false, false, false, false),
                1 => style with { Bold = true },
                2 => style with { Dim = true },
                3 => style with { Italic = true },
                4 => style with { Underline = true },
                22 => style with { Bold = false, Dim = false },
                23 => style with { Italic = false },
                24 => style with { Underline = false },
                >= 30 and <= 37 => style with { Foreground = Colors[numbers[i] - 30] },
                >= 90 and <= 97 => style with { Foreground = "bright-" + Colors[numbers[i] - 90] },
                39 => style with { Foreground = null },
                >= 40 and <= 47 => style with { Background = Colors[numbers[i] - 40] },
                >= 100 and <= 107 => style with { Background = Colors[numbers[i] - 100] },
                49 => style with { Background = null },
                38 => style with { Foreground = Extended(numbers, ref i) },
                48 => style with { Background = Extended(numbers, ref i) },
                _ => style,
            };
        }

        return style;
    }

    // "38;5;n" (a palette of 256) and "38;2;r;g;b": the nearest of the sixteen, which are legible in both themes.
    private static string? Extended(int[] numbers, ref int i)
    {
        if (i + 2 < numbers.Length && numbers[i + 1] == 5)
        {
            var n = numbers[i += 2];
            if (n < 8) return Colors[n];
            if (n < 16) return "bright-" + Colors[n - 8];
            if (n >= 232) return n < 244 ? "bright-black" : "white";
            n -= 16;
            return Nearest(n / 36 * 51, n / 6 % 6 * 51, n % 6 * 51);
        }

        if (i + 4 < numbers.Length && numbers[i + 1] == 2)
        {
            i += 4;
            return Nearest(numbers[i - 2], numbers[i - 1], numbers[i]);
        }

        i = numbers.Length;
        return null;
    }

    private static string Nearest(int red, int green, int blue)
    {
        var middle = Math.Max(red, Math.Max(green, blue)) * 0.6;
        return Colors[(red > middle ? 1 : 0) | (green > middle ? 2 : 0) | (blue > middle ? 4 : 0)];
    }

    private sealed record Style(string? Foreground, string? Background, bool Bold, bool Dim, bool Italic, bool Underline)
    {
        public string? Css
        {
            get
            {
                List<string> classes = [];
                if (Foreground is not null) classes.Add("fg-" + Foreground);
                if (Background is not null) classes.Add("bg-" + Background);
                if (Bold) classes.Add("ansi-bold");
                if (Dim) classes.Add("ansi-dim");
                if (Italic) classes.Add("ansi-italic");
                if (Underline) classes.Add("ansi-underline");
                return classes.Count == 0 ? null : string.Join(' ', classes);
            }
        }
    }
}
