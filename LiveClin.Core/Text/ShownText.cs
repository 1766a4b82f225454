namespace LiveClin.Core.Text;

/// <summary>Text from outside as it may appear in messages.</summary>
public static class ShownText
{
    /// <summary>The text with U+FFFD in the place of control characters, which could steer a terminal or forge lines of a log.</summary>
    public static string Of(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '\ufffd' : c)) : text;
}
