using LiveClin.Core.Text;

namespace LiveClin.Core.Results;

/// <summary>Words that people give runs.</summary>
public static class RunTags
{
    /// <summary>Longest tag, in characters.</summary>
    public const int Longest = 64;

    /// <summary>What a tag may be, in words.</summary>
    public static string Rule => NameRule.Words(Longest);

    /// <summary>True for what may be a tag.</summary>
    public static bool IsValid(string tag) => NameRule.IsValid(tag, Longest);

    /// <summary>Tags with some added and some taken away; each stands once, in the order in which they came.</summary>
    public static IReadOnlyList<string> Change(IEnumerable<string> tags, IEnumerable<string> add, IEnumerable<string> remove) =>
        [.. tags.Concat(add).Except(remove, StringComparer.Ordinal)];
}
