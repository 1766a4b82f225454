namespace LiveClin.Evaluator.Models;

/// <summary>Error texts from servers: untrusted, possibly long.</summary>
internal static class ErrorText
{
    private const int Longest = 500;

    /// <summary>The text on one line, cut at 500 characters.</summary>
    public static string Shorten(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= Longest ? line : line[..Longest] + "…";
    }

    /// <summary>The text without a secret that a server may have echoed.</summary>
    public static string Redact(string text, string? secret) =>
        string.IsNullOrEmpty(secret) ? text : text.Replace(secret, "***", StringComparison.Ordinal);
}
