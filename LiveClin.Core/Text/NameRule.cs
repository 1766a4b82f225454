namespace LiveClin.Core.Text;

/// <summary>What a name may be, whoever gives it and whatever it names: a model, a run, a release, a tag, a reviewer.</summary>
public static class NameRule
{
    /// <summary>Longest name of a model or a release, in characters.</summary>
    public const int Longest = 256;

    /// <summary>The rule in words, as the end of a sentence about the name.</summary>
    /// <param name="longest">Longest name, in characters.</param>
    public static string Words(int longest = Longest) => $"must be 1 to {longest} characters, none of them invisible or for control.";

    /// <summary>True for what may be a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="longest">Longest name, in characters.</param>
    public static bool IsValid(string name, int longest = Longest) =>
        !string.IsNullOrWhiteSpace(name) && name.Length <= longest && ShownText.IsPlain(name);
}
