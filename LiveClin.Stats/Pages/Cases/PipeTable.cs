namespace LiveClin.Stats.Pages.Cases;

/// <summary>A Markdown table read for showing: <c>| Day | Hb |</c>, <c>|---|---|</c>, <c>| 1 | 9.4 |</c>.</summary>
/// <param name="Head">Cells of the first line.</param>
/// <param name="Rows">Cells of the lines after the dashes.</param>
internal sealed record PipeTable(IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>Reads a table; null when the text is none, and is to be shown as it is.</summary>
    public static PipeTable? Parse(string content)
    {
        var lines = content.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < 2 || !Array.TrueForAll(lines, l => l.Contains('|', StringComparison.Ordinal)) || !IsRule(lines[1])) return null;
        return new PipeTable(Cells(lines[0]), [.. lines.Skip(2).Select(Cells)]);
    }

    private static bool IsRule(string line) => line.Contains('-', StringComparison.Ordinal) && line.All(c => c is '|' or '-' or ':' or ' ');

    private static IReadOnlyList<string> Cells(string line)
    {
        var text = line.StartsWith('|') ? line[1..] : line;
        if (text.EndsWith('|') && !text.EndsWith(@"\|", StringComparison.Ordinal)) text = text[..^1];
        // An escaped bar belongs to its cell.
        return [.. text.Replace(@"\|", "\u0001", StringComparison.Ordinal).Split('|', StringSplitOptions.TrimEntries)
            .Select(c => c.Replace('\u0001', '|'))];
    }
}
