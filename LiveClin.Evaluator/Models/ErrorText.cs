using LiveClin.Core.Text;

namespace LiveClin.Evaluator.Models;

/// <summary>Error texts from servers: untrusted, possibly long.</summary>
internal static class ErrorText
{
    private const int Longest = 500;

    // Fewer characters of a key tell nothing, and are too often the end of some other word.
    private const int ShortestTell = 4;

    /// <summary>The text on one line, harmless wherever it is shown, and cut at 500 characters.</summary>
    public static string Shorten(string text)
    {
        var line = string.Join(' ', ShownText.Line(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= Longest ? line : line[..Longest] + "…";
    }

    /// <summary>The text without a secret that a server may have echoed, nor the beginning of one at which the text was cut.</summary>
    public static string Redact(string text, string? secret)
    {
        if (string.IsNullOrEmpty(secret)) return text;
        text = text.Replace(secret, "***", StringComparison.Ordinal);
        if (!text.EndsWith('…')) return text;
        for (var length = Math.Min(secret.Length, text.Length - 1); length >= ShortestTell; length--)
            if (text.AsSpan(..^1).EndsWith(secret.AsSpan(0, length), StringComparison.Ordinal))
                return text[..^(length + 1)] + "***…";
        return text;
    }
}
