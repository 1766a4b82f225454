using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using LiveClin.Core.Cases;

namespace LiveClin.Core.Floors;

/// <summary>What a floor looks at.</summary>
/// <param name="Scenario">The case's scenario; empty when there is none.</param>
/// <param name="Text">The question; empty when there is none.</param>
/// <param name="Options">The options, as shown.</param>
public sealed record FloorQuestion(string Scenario, string Text, ImmutableArray<Option> Options);

/// <summary>A way to answer that needs no medicine: what a model has to beat.</summary>
/// <param name="Name">Its name, for example <c>longest-option</c>.</param>
/// <param name="Choose">The letter that it gives to a question.</param>
public sealed partial record Floor(string Name, Func<FloorQuestion, string> Choose)
{
    /// <summary>How names of floors begin on the wire.</summary>
    public const string Prefix = "baseline/";

    /// <summary>Letters that a constant floor can say: those that the published rules find.</summary>
    public const string Letters = "ABCDEFGHIJ";

    // Given where nothing is offered to choose from, for example to a vision check: floors see nothing.
    private const string Fallback = "A";

    /// <summary>Name on the wire.</summary>
    public string ApiId => Prefix + Name;

    /// <summary>One letter, always: from A to J.</summary>
    public static ImmutableArray<Floor> Constant { get; } =
        [.. Letters.Select(letter => new Floor($"always-{letter}", _ => letter.ToString()))];

    /// <summary>The floors that look at the question: random, longest option, overlap of words.</summary>
    public static ImmutableArray<Floor> Looking { get; } =
    [
        new Floor("random", Random),
        new Floor("longest-option", question => Best(question, option => option.Text.Length)),
        new Floor("overlap", Overlap),
    ];

    /// <summary>All floors.</summary>
    public static ImmutableArray<Floor> All { get; } = [.. Constant, .. Looking];

    /// <summary>The letter, upper case, that each of the floors that look gives to a question, by the floor's name.</summary>
    public static ImmutableDictionary<string, string> Choices(FloorQuestion question) =>
        Looking.ToImmutableDictionary(floor => floor.Name, floor => floor.Choose(question).ToUpperInvariant(), StringComparer.Ordinal);

    // Seeded by the question and its options, so that it gives the same letter in every conversation and every run.
    private static string Random(FloorQuestion question)
    {
        if (question.Options.IsEmpty) return Fallback;
        var seed = new StringBuilder(question.Text);
        foreach (var option in question.Options) seed.Append('\n').Append(option.Letter).Append(". ").Append(option.Text);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(seed.ToString()));
        return question.Options[(int)(BinaryPrimitives.ReadUInt64LittleEndian(hash) % (ulong)question.Options.Length)].Letter;
    }

    private static string Overlap(FloorQuestion question)
    {
        var known = WordsOf(question.Scenario);
        known.UnionWith(WordsOf(question.Text));
        return Best(question, option => WordsOf(option.Text).Count(known.Contains));
    }

    // Ties go to the earlier letter: MaxBy keeps the first of equals.
    private static string Best(FloorQuestion question, Func<Option, int> score) => question.Options.MaxBy(score)?.Letter ?? Fallback;

    private static HashSet<string> WordsOf(string text) =>
        Word().Matches(text).Select(match => match.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}]+")]
    private static partial Regex Word();
}
