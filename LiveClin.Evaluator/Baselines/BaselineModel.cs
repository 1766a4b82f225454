using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using LiveClin.Core.Cases;

namespace LiveClin.Evaluator.Baselines;

/// <summary>A model that knows no medicine: the floor under a leaderboard.</summary>
/// <param name="Id">Its name on the wire.</param>
/// <param name="Choose">The letter that it gives to a question.</param>
internal sealed partial record BaselineModel(string Id, Func<AskedQuestion, string> Choose)
{
    // Given where nothing is offered to choose from, for example to a vision check: these models see nothing.
    private const string Fallback = "A";

    /// <summary>All baselines, by name on the wire.</summary>
    public static IReadOnlyDictionary<string, BaselineModel> All { get; } = Create().ToDictionary(m => m.Id, StringComparer.Ordinal);

    /// <summary>The reply to a question, in the published form.</summary>
    public string Reply(AskedQuestion question) => $"\\boxed{{{Choose(question)}}}";

    private static IEnumerable<BaselineModel> Create()
    {
        for (var letter = 'A'; letter <= 'J'; letter++)
        {
            var always = letter.ToString();
            yield return new BaselineModel("baseline/always-" + always, _ => always);
        }

        yield return new BaselineModel("baseline/random", Random);
        yield return new BaselineModel("baseline/longest-option", question => Best(question, option => option.Text.Length));
        yield return new BaselineModel("baseline/overlap", Overlap);
    }

    // Seeded by the question and its options, so that it gives the same letter in every conversation and every run.
    private static string Random(AskedQuestion question)
    {
        if (question.Options.IsEmpty) return Fallback;
        var seed = new StringBuilder(question.Text);
        foreach (var option in question.Options) seed.Append('\n').Append(option.Letter).Append(". ").Append(option.Text);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(seed.ToString()));
        return question.Options[(int)(BinaryPrimitives.ReadUInt64LittleEndian(hash) % (ulong)question.Options.Length)].Letter;
    }

    private static string Overlap(AskedQuestion question)
    {
        var known = WordsOf(question.Scenario);
        known.UnionWith(WordsOf(question.Text));
        return Best(question, option => WordsOf(option.Text).Count(known.Contains));
    }

    // Ties go to the earlier letter: MaxBy keeps the first of equals.
    private static string Best(AskedQuestion question, Func<Option, int> score) => question.Options.MaxBy(score)?.Letter ?? Fallback;

    private static HashSet<string> WordsOf(string text) =>
        Word().Matches(text).Select(match => match.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}]+")]
    private static partial Regex Word();
}
