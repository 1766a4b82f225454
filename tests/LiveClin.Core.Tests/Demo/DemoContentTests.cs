using System.Text.RegularExpressions;

namespace LiveClin.Core.Tests.Demo;

/// <summary>What data/README.md promises about the cases.</summary>
public sealed partial class DemoContentTests
{
    [Fact]
    public void Size_chapters_and_rarities_are_as_described()
    {
        Assert.Equal(16, DemoRelease.Cases.Count);
        Assert.Equal(80, DemoRelease.Questions.Count());
        Assert.All(DemoRelease.Cases, c => Assert.InRange(c.Policy.Questions.Count, 3, 6));
        Assert.Equal(16, DemoRelease.Cases.Select(c => c.Chapter).Distinct().Count());
        Assert.Equal([0, 1, 2], DemoRelease.Cases.Select(c => c.Rarity).Distinct().Order());
    }

    [Fact]
    public void Identifiers_are_unique_and_visibly_made_up()
    {
        Assert.All(DemoRelease.Cases, c =>
        {
            Assert.Matches("^900000[0-9]{2}$", c.Pmc);
            Assert.Matches(@"^10\.5555/liveclin\.demo\.[0-9]+$", c.Doi);
            Assert.False(string.IsNullOrWhiteSpace(c.Title));
        });
        Assert.Equal(DemoRelease.Cases.Count, DemoRelease.Cases.Select(c => c.Pmc).Distinct().Count());
        Assert.Equal(DemoRelease.Cases.Count, DemoRelease.Cases.Select(c => c.Doi).Distinct().Count());
    }

    [Fact]
    public void Classification_is_consistent_from_chapter_to_code() => Assert.All(DemoRelease.Cases, c =>
    {
        Assert.Matches(@"^Chapter [1-9][0-9]?: [A-Z]", c.Chapter);
        var range = BlockRange().Match(c.Subcategory);
        Assert.True(range.Success, c.Subcategory);
        var code = c.Icd10[..3];
        Assert.True(string.CompareOrdinal(range.Groups[1].Value, code) <= 0 && string.CompareOrdinal(code, range.Groups[2].Value) <= 0,
            $"{c.Icd10} in {c.Subcategory}");
        Assert.Contains(c.Icd10, c.Detail.Split("; "));
    });

    [Fact]
    public void Options_are_lettered_without_gaps_distinct_and_contain_the_key()
    {
        Assert.All(DemoRelease.Questions, q =>
        {
            Assert.InRange(q.Options.Count, 9, 10);
            Assert.Equal("ABCDEFGHIJ"[..q.Options.Count].Select(letter => letter.ToString()), q.Options.Keys);
            Assert.Contains(q.Key, q.Options.Keys);
            Assert.Equal(q.Options.Count, q.Options.Values.Distinct(StringComparer.OrdinalIgnoreCase).Count());
            Assert.All(q.Options.Values, text => Assert.Equal(text.Trim(), text));
        });
        Assert.Contains(DemoRelease.Questions, q => q.Options.Count == 9);
    }

    [Fact]
    public void Keys_are_spread_evenly_and_differ_within_a_case()
    {
        Assert.All(DemoRelease.Questions.CountBy(q => q.Key), letter => Assert.Equal(8, letter.Value));
        Assert.Equal(10, DemoRelease.Questions.Select(q => q.Key).Distinct().Count());
        Assert.All(DemoRelease.Cases,
            c => Assert.Equal(c.Policy.Questions.Count, c.Policy.Questions.Select(q => q.Key).Distinct().Count()));
    }

    [Fact]
    public void Neither_length_nor_shared_words_give_the_key_away()
    {
        var questions = DemoRelease.Cases.SelectMany(c => c.Policy.Questions, (c, q) => (c.Policy.Scenario, Question: q)).ToList();
        var longest = questions.Count(x => x.Question.Options.MaxBy(o => o.Value.Length).Key == x.Question.Key);
        var shortest = questions.Count(x => x.Question.Options.MinBy(o => o.Value.Length).Key == x.Question.Key);
        var overlap = questions.Count(x =>
        {
            var context = Words(x.Scenario + " " + x.Question.Text);
            return x.Question.Options.MaxBy(o => Words(o.Value).Count(context.Contains)).Key == x.Question.Key;
        });
        Assert.InRange(longest / 80.0, .02, .20);
        Assert.InRange(shortest / 80.0, .02, .20);
        Assert.InRange(overlap / 80.0, 0, .20);
    }

    private static HashSet<string> Words(string text) => [.. Word().Matches(text.ToLowerInvariant()).Select(m => m.Value)];

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\(([A-Z][0-9]{2})-([A-Z][0-9]{2})\)$")]
    private static partial Regex BlockRange();
}
