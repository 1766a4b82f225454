using System.Text.Json;
using LiveClin.Core.Answers;
using LiveClin.Core.Text;

namespace LiveClin.Core.Tests.Answers;

/// <summary>The extraction against the real Python, on generated replies and on every code point there is.</summary>
public sealed class PythonDifferentialTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Generated_replies_give_the_same_letter_rule_and_place()
    {
        var replies = new ReplyGenerator(seed: 20261122).Take(6000).ToArray();
        var results = await Python.RunAsync("extract", replies.Select(ReplyGenerator.ToJson), Cancellation);
        Assert.Equal(replies.Length, results.Length);
        var rules = new HashSet<ExtractionRule>();
        foreach (var (reply, result) in replies.Zip(results))
        {
            using var expected = JsonDocument.Parse(result);
            foreach (var protocol in Enum.GetValues<ExtractionProtocol>())
            {
                var actual = AnswerExtractor.Extract(reply, protocol);
                Assert.True(Parse(expected.RootElement[(int)protocol], reply) == actual,
                    $"{protocol}: {ReplyGenerator.ToJson(reply)} gives {actual}, Python {result}");
                rules.Add(actual.Rule);
            }
        }
        // A generator that stops reaching a rule would make this test empty.
        Assert.Equal([ExtractionRule.None, ExtractionRule.Boxed, ExtractionRule.Phrase, ExtractionRule.Line, ExtractionRule.Capital],
            rules.Order());
    }

    [Fact]
    public async Task Character_classes_are_the_same_for_every_code_point()
    {
        using var classes = JsonDocument.Parse(Assert.Single(await Python.RunAsync("classes", [], Cancellation)));
        var unicode = Version.Parse(classes.RootElement.GetProperty("unicode").GetString()!);
        Assert.True(unicode >= new Version(14, 0),
            "Python 3.11 or later is needed here: earlier ones know fewer letters than the recorded results' did.");
        foreach (var pattern in classes.RootElement.EnumerateObject().Where(property => property.Name != "unicode"))
        {
            var expected = Members(pattern.Value);
            for (var codePoint = 0; codePoint <= 0x10FFFF; codePoint++)
                if (expected[codePoint] != IsMember(pattern.Name, codePoint))
                    Assert.True(unicode > new Version(14, 0) && codePoint > 0x7FF && pattern.Name == @"\w" && expected[codePoint],
                        $"{pattern.Name} and U+{codePoint:X4}");
        }
    }

    private static bool IsMember(string pattern, int codePoint) => pattern switch
    {
        @"\w" => PythonText.IsWord(codePoint),
        _ when codePoint > 0xFFFF => false,
        @"\s" => PythonText.IsSpace((char)codePoint),
        "[A-J]" => AnswerExtractor.Extract($@"\boxed{{{(char)codePoint}}}").Rule == ExtractionRule.Boxed,
        _ => PythonText.EqualsIgnoreCase((char)codePoint, pattern[0]),
    };

    private static bool[] Members(JsonElement ranges)
    {
        var members = new bool[0x110000];
        foreach (var range in ranges.EnumerateArray())
            Array.Fill(members, true, range[0].GetInt32(), range[1].GetInt32() - range[0].GetInt32() + 1);
        return members;
    }

    private static Extraction Parse(JsonElement result, string reply)
    {
        var codePoints = result[2].GetInt32();
        var start = codePoints;
        for (var (at, seen) = (0, 0); seen < codePoints; at++, seen++)
            if (char.IsSurrogatePair(reply, at)) (at, start) = (at + 1, start + 1);
        return new(result[0].GetString(), Enum.Parse<ExtractionRule>(result[1].GetString()!), start);
    }
}
