namespace LiveClin.ServiceDefaults.Access;

/// <summary>Tokens and keys as they are given: in a variable, or in a file that a variable or a secret was made of.</summary>
public static class SecretText
{
    private const int ShortestToken = 16;

    /// <summary>The secret without the one line end that a file ends with: it is no part of it.</summary>
    public static string? WithoutLineEnd(string? text)
    {
        if (text is null || !text.EndsWith('\n')) return text;
        return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text[..^1];
    }

    /// <summary>What is wrong with an access token; null when it can be one.</summary>
    public static string? ProblemOfToken(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return token.Length >= ShortestToken && token.All(c => c is > ' ' and <= '~')
            ? null
            : $"needed are at least {ShortestToken} printable ASCII characters without spaces and line ends; "
                + "leave it out to have one drawn at each start.";
    }
}
