using System.Globalization;
using LiveClin.Hosting.Local.Dashboard.Resources;

namespace LiveClin.Hosting.Local.Dashboard.ConsoleLogs;

/// <summary>A console line as shown: app hosts put the time (ISO 8601) and a space in front of it.</summary>
public sealed class ConsoleEntry
{
    private readonly ConsoleLine _line;
    private readonly int _textStart;
    private IReadOnlyList<AnsiPart>? _parts;

    internal ConsoleEntry(ConsoleLine line)
    {
        _line = line;
        _textStart = TimeLength(line.Text);
    }

    /// <summary>Counted from 1.</summary>
    public int Number => _line.Number;

    /// <summary>True for standard error.</summary>
    public bool IsError => _line.IsError;

    /// <summary>When it was written, UTC, or null when the line does not say.</summary>
    public DateTime? Time => _textStart == 0 ? null : DateTime.Parse(_line.Text.AsSpan(0, _textStart - 1), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);

    internal IReadOnlyList<AnsiPart> Parts => _parts ??= AnsiText.Parse(_line.Text[_textStart..]);

    internal bool Contains(string text) => string.Concat(Parts.Select(p => p.Text)).Contains(text, StringComparison.OrdinalIgnoreCase);

    private static int TimeLength(string text)
    {
        // "2026-01-31T12:34:56.1234567Z "
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space is >= 20 and <= 35 && text[4] == '-' && text[10] == 'T'
            && DateTime.TryParse(text.AsSpan(0, space), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out _) ? space + 1 : 0;
    }
}
