namespace LiveClin.Core.Formats;

/// <summary>
/// <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>, which Python's json module writes and reads although JSON does not have them. Files
/// that went through
/// a data frame hold them where a value was missing.
/// </summary>
public static class PythonConstants
{
    /// <summary>
    /// The text with such constants as strings of what Python's <c>str</c> gives for them, which are as true as they are; null when there
    /// are none.
    /// </summary>
    public static byte[]? AsStrings(ReadOnlySpan<byte> json)
    {
        List<byte>? result = null;
        int copied = 0, at = 0;
        while (at < json.Length)
        {
            if (json[at] == '"')
            {
                at = EndOfString(json, at);
                continue;
            }

            var length = At(json[at..], out var text);
            if (length == 0)
            {
                at++;
                continue;
            }

            result ??= new List<byte>(json.Length + 16);
            result.AddRange(json[copied..at]);
            result.AddRange(text);
            copied = at += length;
        }

        result?.AddRange(json[copied..]);
        return result?.ToArray();
    }

    // Length of the constant that stands here, 0 for none.
    private static int At(ReadOnlySpan<byte> json, out ReadOnlySpan<byte> text)
    {
        if (json.StartsWith("NaN"u8))
        {
            text = "\"nan\""u8;
            return "NaN".Length;
        }

        if (json.StartsWith("Infinity"u8))
        {
            text = "\"inf\""u8;
            return "Infinity".Length;
        }

        text = "\"-inf\""u8;
        return json.StartsWith("-Infinity"u8) ? "-Infinity".Length : 0;
    }

    private static int EndOfString(ReadOnlySpan<byte> json, int at)
    {
        for (at++; at < json.Length && json[at] != '"'; at++)
            if (json[at] == '\\') at++;
        return Math.Min(at + 1, json.Length);
    }
}
