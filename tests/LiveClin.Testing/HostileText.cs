using System.Text;

namespace LiveClin.Testing;

/// <summary>What a release, a model's name or a store may hold to steer whoever looks at it.</summary>
public static class HostileText
{
    /// <summary>
    /// A window's title, a colour, a turned direction, an isolate, a character that XML forbids, a C1 sequence, NUL, a formula.
    /// </summary>
    public const string Name = "\u001b]0;owned\u0007\u001b[31mred\u202egnp\u2066\uffff\u009b31m\u0000\u200b =1+1";

    /// <summary>The first character that no console and no file for people may hold; null when there is none.</summary>
    public static string? FindIn(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is (< ' ' and not ('\n' or '\t' or '\r')) or (
                >= '\u007f' and <= '\u009f') or '\u200b' or '\u202e' or '\u2066' or '\uffff')
                return $"U+{(int)text[i]:X4} in …{text[Math.Max(0, i - 60)..i]}";
        }

        return null;
    }

    /// <summary>
    /// The first of the files for people (text, pages, drawings, tables) below a folder that holds one, with where; null when none does.
    /// </summary>
    public static string? FindInFiles(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (Path.GetExtension(file) is not (".txt" or ".html" or ".md" or ".csv" or ".tex" or ".svg" or ".xml" or ".yaml")) continue;
            if (FindIn(File.ReadAllText(file, Encoding.UTF8)) is { } found) return $"{Path.GetRelativePath(folder, file)}: {found}";
        }

        return null;
    }
}
