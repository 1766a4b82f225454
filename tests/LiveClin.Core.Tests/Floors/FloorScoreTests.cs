using System.Collections.Immutable;
using LiveClin.Core.Cases;
using LiveClin.Core.Floors;
using LiveClin.Core.Releases;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Floors;

public sealed class FloorScoreTests
{
    [Fact]
    public async Task Of_the_built_in_demo_a_tie_goes_to_the_first_letter()
    {
        var scores = await ScoresAsync(Path.Combine(SharedData.RepositoryRoot, "data", "demo", "demo.jsonl"));
        Assert.Equal(["always-A", "random", "longest-option", "overlap"], scores.Select(s => s.Floor.Name));
        Assert.Equal((8, 80, 0, 16), (scores[0].CorrectQuestions, scores[0].Questions, scores[0].CorrectCases, scores[0].Cases));
    }

    [Fact]
    public async Task Of_the_real_demo_always_A_has_34_of_46_questions_and_4_of_10_cases()
    {
        var best = (await ScoresAsync(SharedData.DemoJsonl))[0];
        Assert.Equal(("always-A", 34, 46, 4, 10), (best.Floor.Name, best.CorrectQuestions, best.Questions, best.CorrectCases, best.Cases));
    }

    [Fact]
    public void The_best_letter_is_that_of_most_keys_and_each_floor_counts_whole_cases()
    {
        Case[] cases =
        [
            MakeCase(0, "A fever", ("Which?", "B", ["a", "longer"]), ("Why fever?", "B", ["cough", "fever fever"])),
            MakeCase(1, "", ("Which?", "A", ["the longest", "b"])),
        ];
        var scores = FloorScore.Of(cases).ToDictionary(s => s.Floor.Name, s => (s.CorrectQuestions, s.Questions, s.CorrectCases, s.Cases));
        Assert.Equal((2, 3, 1, 2), scores["always-B"]);
        Assert.Equal((3, 3, 2, 2), scores["longest-option"]);
        // "fever" stands in scenario and question; "A" and "a" are the same word; the last question shares nothing and gets the first
        // letter.
        Assert.Equal((2, 3, 1, 2), scores["overlap"]);
    }

    private static async Task<ImmutableArray<FloorScore>> ScoresAsync(string jsonl) => FloorScore.Of(
        (await ReleaseReader.ReadAsync(ReleaseLocation.FromFile(jsonl), new ReleaseOptions { CheckImages = false },
            TestContext.Current.CancellationToken)).Cases);

    private static Case MakeCase(int ordinal, string scenario, params (string Text, string Key, string[] Options)[] questions) => new()
    {
        Ordinal = ordinal,
        Line = ordinal + 1,
        Id = $"{ordinal}",
        FileName = $"PMC{ordinal}.json",
        Scenario = scenario,
        Json = "{}",
        Questions = [.. questions.Select((q, index) => new Question
        {
            Index = index, Text = q.Text, Key = q.Key,
            Options = [.. q.Options.Select((text, i) => new Option(((char)('A' + i)).ToString(), text))],
        })],
    };
}
