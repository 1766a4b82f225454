using LiveClin.Core.Text;

namespace LiveClin.Evaluator.Models;

/// <summary>Error texts from servers: untrusted, possibly long.</summary>
internal static class ErrorText
{
    private const int Longest = 500;

    /// <summary>The text on one line, harmless wherever it is shown, and cut at 500 characters.</summary>
    public static string Shorten(string text)
    {
        var line = string.Join(' ', ShownText.Line(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= Longest ? line : line[..Longest] + "…";
    }
}
