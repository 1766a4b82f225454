using System.Diagnostics.CodeAnalysis;
using LiveClin.Core.Text;

namespace LiveClin.Evaluator.Models;

/// <summary>Error texts from servers: untrusted, possibly long.</summary>
internal static class ErrorText
{
    private const int Longest = 500;

    private const int LongestName = 100;

    /// <summary>A name that a server gives (finish reason, model, identifier), verbatim, cut at 100 characters.</summary>
    [return: NotNullIfNotNull(nameof(name))]
    public static string? Cut(string? name)
    {
        if (name is null || name.Length <= LongestName) return name;
        return name[..(char.IsHighSurrogate(name[LongestName - 1]) ? LongestName - 1 : LongestName)] + "…";
    }

    /// <summary>The text on one line, harmless wherever it is shown, and cut at 500 characters.</summary>
    public static string Shorten(string text)
    {
        var line = string.Join(' ', ShownText.Line(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= Longest ? line : line[..Longest] + "…";
    }
}
