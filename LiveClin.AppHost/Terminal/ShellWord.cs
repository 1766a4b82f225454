namespace LiveClin.AppHost.Terminal;

/// <summary>A word of a command that is to be typed, as a shell takes it.</summary>
internal static class ShellWord
{
    /// <summary>The text, in quotes where it needs them.</summary>
    public static string Of(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "/._-:+@".Contains(c, StringComparison.Ordinal))
            ? text : Quoted(text);

    /// <summary>The text in quotes: a shell takes everything between single ones as it is.</summary>
    public static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
