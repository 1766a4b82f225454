using LiveClin.Core.Text;

namespace LiveClin.Core.Results;

/// <summary>Names that people give a model and setting, so that a run is told from its namesakes by a word of their own.</summary>
public static class RunNames
{
    /// <summary>Longest name, in characters.</summary>
    public const int Longest = 80;

    /// <summary>What a name may be, in words.</summary>
    public static string Rule => NameRule.Words(Longest);

    /// <summary>True for what may be a name.</summary>
    public static bool IsValid(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return NameRule.IsValid(name, Longest);
    }
}
