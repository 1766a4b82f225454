using System.Globalization;
using LiveClin.Core.Cases;
using static LiveClin.Core.Tests.Conditions.GeneratedConditions;

namespace LiveClin.Core.Tests.Conditions;

/// <summary>What conditions promise that change which text is asked, in which conversation, and after which replies.</summary>
public sealed class ConditionPropertyTests
{
    private const string Instruction = @"Please provide the letter of the correct option, formatted as \boxed{LETTER} (e.g., \boxed{A}).";

    [Fact]
    public void Published_is_the_published_prompts_and_asks_every_case() => Check("published", (release, clinicalCase, asked) =>
    {
        Assert.NotNull(asked);
        Assert.Equal(release.Published(clinicalCase).Select(turn => turn.Text), asked.Turns.Select(turn => turn.Prompt.Text));
        Assert.Equal((false, false), (asked.IsChanged, asked.IsApart));
        Assert.All(asked.Turns, turn => Assert.True(turn.Letters.IsIdentity && turn.ForcedReply is null));
    });

    [Fact]
    public void No_case_is_the_questions_block_alone_in_one_conversation() => Check("no-case", (_, _, asked) =>
    {
        Assert.False(asked!.IsApart);
        Assert.All(asked.Turns, turn => Assert.Equal(
            ($"* Question: {turn.Question.Text}\n{OptionLines(turn.Question)}", 0, true),
            (turn.Prompt.Text, turn.Prompt.Images.Length, turn.IsChanged)));
    });

    [Fact]
    public void Choices_only_is_options_and_instruction_each_question_alone() => Check("choices-only", (_, _, asked) =>
    {
        Assert.True(asked!.IsApart);
        Assert.All(asked.Turns,
            turn => Assert.Equal((OptionLines(turn.Question), 0, true), (turn.Prompt.Text, turn.Prompt.Images.Length, turn.IsChanged)));
    });

    [Fact]
    public void Gold_history_says_the_keys_and_changes_what_comes_after_the_first_question() =>
        Check("gold-history", (release, clinicalCase, asked) =>
    {
        Assert.Equal(clinicalCase.Questions.Length > 1, asked is not null);
        if (asked is null) return;
        Assert.Equal(clinicalCase.Questions.Select(question => $"\\boxed{{{question.Key}}}"), asked.Turns.Select(turn => turn.ForcedReply));
        Assert.Equal(release.Published(clinicalCase).Select(turn => turn.Text), asked.Turns.Select(turn => turn.Prompt.Text));
        Assert.All(asked.Turns, turn => Assert.Equal(turn.Question.Index > 0, turn.IsChanged));
    });

    [Fact]
    public void Wrong_history_says_the_wrong_letter_with_the_smallest_hash() => Check("wrong-history:4", (_, clinicalCase, asked) =>
    {
        var wrong = clinicalCase.Questions.Select(question =>
        {
            var key = question.Options.Single(option => option.Letter.ToUpperInvariant() == question.Key);
            return question.Options.Where(option => option.Text != key.Text)
                .MinBy(option => Hash($"wrong-history:4\n{Name(clinicalCase)}\n{question.Index}\n{option.Letter.ToUpperInvariant()}"),
                    StringComparer.Ordinal);
        }).ToList();
        Assert.Equal(wrong.Count > 1 && wrong.SkipLast(1).All(option => option is not null), asked is not null);
        if (asked is null) return;
        Assert.Equal(
            wrong.SkipLast(1).Select(option => $"\\boxed{{{option!.Letter.ToUpperInvariant()}}}"),
            asked.Turns.SkipLast(1).Select(turn => turn.ForcedReply));
    });

    [Fact]
    public void Single_turn_is_the_scenario_and_one_question_and_nothing_of_the_others() =>
        Check("single-turn", (release, clinicalCase, asked) =>
    {
        Assert.Equal(clinicalCase.Questions.Length > 1, asked is not null);
        if (asked is null) return;
        Assert.True(asked.IsApart);
        foreach (var turn in asked.Turns)
        {
            var alone = release.Published(
                clinicalCase with { Questions = [clinicalCase.Questions[turn.Question.Index] with { Index = 0 }] })[0];
            Assert.Equal((alone.Text, turn.Question.Index > 0), (turn.Prompt.Text, turn.IsChanged));
            Assert.Equal(alone.Images, turn.Prompt.Images);
        }
    });

    [Theory]
    [InlineData("shuffled:2+no-images")]
    [InlineData("no-tables+single-turn")]
    [InlineData("rotated:2+no-case+wrong-history:2")]
    public void Joined_parts_ask_the_cases_to_which_every_one_of_them_applies(string condition)
    {
        foreach (var seed in Seeds)
        {
            using var release = new GeneratedRelease(seed);
            var parts = condition.Split('+').Select(release.Under).ToList();
            var joined = release.Under(condition);
            foreach (var clinicalCase in release.Cases)
                Assert.Equal(parts.TrueForAll(part => part.Find(clinicalCase) is not null), joined.Find(clinicalCase) is not null);
        }
    }

    [Fact]
    public void The_wrong_letter_of_a_joined_history_is_the_same_option_under_its_new_letter()
    {
        using var release = new GeneratedRelease(5);
        var (plain, shuffled) = (release.Under("wrong-history:2"), release.Under("shuffled:3+wrong-history:2"));
        foreach (var clinicalCase in release.Cases)
        {
            if (shuffled.Find(clinicalCase) is not { } asked) continue;
            foreach (var (turn, before) in asked.Turns.Zip(plain.Find(clinicalCase)!.Turns).SkipLast(1))
                Assert.Equal(before.ForcedReply![7..^1], turn.Letters.ToPublished(turn.ForcedReply![7..^1]));
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_hash_and_another_one_another()
    {
        using var first = new GeneratedRelease(8);
        using var second = new GeneratedRelease(8);
        string[] conditions = ["published", "shuffled:1", "shuffled:2", "rotated:1", "no-case", "choices-only", "single-turn",
            "gold-history", "wrong-history:1"];
        var clinicalCase = first.Cases.First(@case => @case.Questions.Length > 2);
        var hashes = conditions.Select(condition => first.Under(condition).Find(clinicalCase)!.Hash).ToList();
        Assert.Equal(hashes, conditions.Select(condition => second.Under(condition).Find(second.Cases[clinicalCase.Ordinal])!.Hash));
        Assert.Equal(hashes.Count, hashes.Distinct().Count());
    }

    private static string OptionLines(Question question) =>
        string.Create(CultureInfo.InvariantCulture,
            $"* Options:\n{string.Join('\n', question.Options.Select(option => $"{option.Letter}. {option.Text}"))}\n\n{Instruction}");
}
