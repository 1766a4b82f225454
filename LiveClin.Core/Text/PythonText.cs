namespace LiveClin.Core.Text;

/// <summary>Python's string methods where they differ from .NET's; the published tools are Python.</summary>
public static class PythonText
{
    /// <summary>True for what Python's <c>str.isspace</c> calls white space: .NET's plus the separators U+001C–U+001F.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001c' and <= '\u001f';

    /// <summary>Python's <c>str.strip()</c>.</summary>
    public static string Strip(string text)
    {
        var start = 0;
        var end = text.Length;
        while (start < end && IsSpace(text[start])) start++;
        while (end > start && IsSpace(text[end - 1])) end--;
        return text[start..end];
    }
}
