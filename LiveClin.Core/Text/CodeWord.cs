namespace LiveClin.Core.Text;

/// <summary>Words by which programs tell things (error codes, finish reasons), as different programs write the same one.</summary>
public static class CodeWord
{
    /// <summary>
    /// The word without what parts it: <c>max_tokens</c>, <c>max-tokens</c> and <c>maxTokens</c> are then equal but for case.
    /// </summary>
    public static string Plain(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return string.Concat(word.Where(char.IsLetterOrDigit));
    }
}
