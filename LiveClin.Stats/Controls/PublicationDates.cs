using System.Globalization;
using LiveClin.Core.Releases;

namespace LiveClin.Stats.Controls;

/// <summary>
/// When cases were published: a CSV file of case identifier and date, with or without a heading, for example <c>11577515,2024-11-20</c>.
/// A date may lack its day or month; then its last day counts.
/// </summary>
public static class PublicationDates
{
    private static readonly string[] Formats = ["yyyy-MM-dd", "yyyy-MM", "yyyy"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">A line is no identifier and date; names it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyDictionary<string, DateOnly> Read(string path)
    {
        var dates = new Dictionary<string, DateOnly>(StringComparer.Ordinal);
        using var file = RegularFile.OpenText(path);
        for (var index = 0; file.ReadLine() is { } line; index++)
        {
            var fields = line.Split(',', StringSplitOptions.TrimEntries);
            if (line.Trim().Length == 0) continue;
            if (fields is [{ Length: > 0 } id, var text, ..] && Parse(text) is { } date) dates[id.Trim('"')] = date;
            else if (index > 0)
                throw new InvalidDataException(
                    $"{path}:{index + 1}: '{line}' is not a case's identifier and a date such as 11577515,2024-11-20.");
        }

        return dates;
    }

    /// <summary>A date; of one that lacks its day or month the last day. Null for other text.</summary>
    public static DateOnly? Parse(string text)
    {
        text = text.Trim('"');
        if (!DateOnly.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return null;
        return text.Length switch { 10 => date, 7 => date.AddMonths(1).AddDays(-1), _ => date.AddYears(1).AddDays(-1) };
    }
}
