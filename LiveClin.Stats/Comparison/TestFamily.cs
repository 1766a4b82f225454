using System.Globalization;

namespace LiveClin.Stats.Comparison;

/// <summary>
/// The tests that Holm's correction is over: two of each pair shown, on cases and on questions. Every output corrects over the pairs that
/// it shows, and names them.
/// </summary>
/// <param name="Pairs">Pairs that are tested.</param>
public sealed record TestFamily(int Pairs)
{
    /// <summary>Number of tests.</summary>
    public int Tests => 2 * Pairs;

    /// <summary>In words, as part of a sentence.</summary>
    public string Description => Pairs switch
    {
        0 => "nothing, for no pair can be tested",
        1 => "Holm over the 2 tests of this pair",
        _ => string.Create(CultureInfo.InvariantCulture, $"Holm over the {Tests:#,0} tests of {Pairs:#,0} pairs"),
    };
}
