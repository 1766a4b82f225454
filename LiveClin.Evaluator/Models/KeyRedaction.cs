using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Web;

namespace LiveClin.Evaluator.Models;

/// <summary>
/// Takes an API key out of what a server wrote, where it echoes it: as it is, in base64, in hexadecimal, or as part of an address. A
/// shorter key than twelve characters is left alone: it may be an ordinary word ("none", "token"), and taking that out of replies would
/// falsify them.
/// </summary>
internal sealed class KeyRedaction
{
    /// <summary>What stands in the key's place.</summary>
    public const string Mark = "***";

    private const int ShortestKey = 12;

    // Fewer characters of a key tell nothing, and are too often the end of some other word.
    private const int ShortestTell = 4;

    private readonly string[] _forms;

    // Their digits may be written small or large, and mixed.
    private readonly string[] _hexadecimal;

    /// <param name="key">The key; null for none.</param>
    public KeyRedaction(string? key)
    {
        key = key is { Length: >= ShortestKey } ? key : null;
        _forms = key is null ? [] : [.. FormsOf(key).Distinct(StringComparer.Ordinal).OrderByDescending(form => form.Length)];
        _hexadecimal = key is null ? [] : [.. HexadecimalOf(key)];
    }

    /// <summary>The text without the key, nor the beginning of it at which the text was cut.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public string? Of(string? text)
    {
        if (text is null) return null;
        foreach (var form in _forms) text = text.Replace(form, Mark, StringComparison.Ordinal);
        foreach (var form in _hexadecimal) text = text.Replace(form, Mark, StringComparison.OrdinalIgnoreCase);
        if (!text.EndsWith('…')) return text;
        return WithoutBeginning(text, _forms, StringComparison.Ordinal)
            ?? WithoutBeginning(text, _hexadecimal, StringComparison.OrdinalIgnoreCase) ?? text;
    }

    private static string? WithoutBeginning(string text, string[] forms, StringComparison comparison)
    {
        foreach (var form in forms)
            for (var length = Math.Min(form.Length, text.Length - 1); length >= ShortestTell; length--)
                if (text.AsSpan(..^1).EndsWith(form.AsSpan(0, length), comparison)) return text[..^(length + 1)] + Mark + "…";
        return null;
    }

    // All of it in hexadecimal, as it is or with every character escaped, and escaped where an address needs it.
    private static IEnumerable<string> HexadecimalOf(string key)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        yield return string.Concat(bytes.Select(value => $"%{value:X2}"));
        yield return Convert.ToHexString(bytes);
        if (Uri.EscapeDataString(key) is var escaped && escaped != key) yield return escaped;
    }

    // In base64 a key has three forms, by where it begins in a group of three bytes; what depends on its neighbours is left off.
    private static IEnumerable<string> FormsOf(string key)
    {
        yield return key;
        yield return Uri.EscapeDataString(key);
        yield return Uri.EscapeDataString(key).Replace("%2F", "/", StringComparison.Ordinal); // as Python's quote does
        yield return HttpUtility.UrlEncode(key); // lower-case hexadecimal, + for a space
        yield return key.Replace("/", "\\/", StringComparison.Ordinal); // as some write JSON
        var bytes = Encoding.UTF8.GetBytes(key);
        yield return Convert.ToBase64String(bytes);
        for (var shift = 0; shift < 3; shift++)
        {
            var shifted = Convert.ToBase64String([.. new byte[shift], .. bytes]);
            var first = (shift * 8 + 5) / 6;
            var whole = (shift + bytes.Length) * 8 / 6;
            var core = shifted[first..whole];
            yield return core;
            yield return core.Replace('+', '-').Replace('/', '_');
        }
    }
}
