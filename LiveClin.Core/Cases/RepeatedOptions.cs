namespace LiveClin.Core.Cases;

/// <summary>Options of a question that say the same: who compares answers compares what was meant, not its letter.</summary>
public static class RepeatedOptions
{
    /// <summary>The letter of the first option with the same text, by the letter of each that repeats it; both as in the release.</summary>
    /// <param name="options">The options in their order.</param>
    public static Dictionary<string, string> Of(IEnumerable<(string Letter, string Text)> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (first, repeated) = (new Dictionary<string, string>(StringComparer.Ordinal),
            new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var (letter, text) in options)
        {
            if (!first.TryAdd(text, letter)) repeated.TryAdd(letter, first[text]);
        }

        return repeated;
    }
}
