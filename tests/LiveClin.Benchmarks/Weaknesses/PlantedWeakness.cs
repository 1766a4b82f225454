using System.Collections.Immutable;

namespace LiveClin.Benchmarks.Weaknesses;

/// <summary>
/// An examinee with one planted weakness, and what the controls must say of it: of these conditions that they differ from the published
/// way, of no other.
/// </summary>
/// <param name="Examinee">Its name behind <c>simulated/</c>.</param>
/// <param name="Weakness">What was planted, in words.</param>
/// <param name="Lower">The conditions under which it must be told to score lower.</param>
/// <param name="Higher">Those under which it must be told to score higher.</param>
/// <param name="Epochs">How often everything is asked as published.</param>
internal sealed record PlantedWeakness(string Examinee, string Weakness, ImmutableArray<string> Lower, ImmutableArray<string> Higher,
    int Epochs = 1)
{
    /// <summary>Every condition that each of them is asked under: the standard set, and those that two of the weaknesses need.</summary>
    public static ImmutableArray<string> Conditions { get; } =
    [
        "published", "shuffled:1", "shuffled:2", "no-images", "images-missing", "no-case", "choices-only", "none-of-the-above",
        "gold-history", "wrong-history:1", "single-turn",
    ];

    /// <summary>All of them; the first two have none.</summary>
    public static ImmutableArray<PlantedWeakness> All { get; } =
    [
        new("knows-60", "none", [], [], Epochs: 3),
        new("blind-60", "none that a score shows: it looks at no figure", [], []),
        new("sighted-60", "needs the figures", ["no-images", "images-missing", "no-case", "choices-only"], []),
        new("memorised-60", "remembers the published letter", ["shuffled:1", "shuffled:2"], []),
        new("position-40", "prefers one place", ["shuffled:1", "shuffled:2"], []),
        new("phrase-60", "recognises the right option's words", ["none-of-the-above"], []),
        new("forgetful-80", "forgets after an error of its own", ["wrong-history:1"], ["gold-history", "single-turn", "choices-only"]),
        new("noisy-60", "luck", [], [], Epochs: 3),
    ];

    /// <summary>What the controls told and should not have, or did not tell; empty when they told exactly what was planted.</summary>
    public IEnumerable<string> Differences(IReadOnlyList<EffectFigures> effects)
    {
        foreach (var effect in effects)
        {
            var expected = Lower.Contains(effect.Condition) ? -1 : Higher.Contains(effect.Condition) ? 1 : 0;
            var told = effect.IsTold ? Math.Sign(effect.Difference) : 0;
            if (told != expected) yield return $"{Examinee}, {effect.Condition}: told {Word(told)}, planted {Word(expected)} ({effect})";
        }

        foreach (var missing in Lower.Concat(Higher).Except(effects.Select(effect => effect.Condition)))
            yield return $"{Examinee}, {missing}: not there";
    }

    private static string Word(int sign) => sign switch { < 0 => "lower", > 0 => "higher", _ => "no difference" };
}
