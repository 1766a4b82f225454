using LiveClin.Core.Cases;
using LiveClin.Core.Conditions;
using static LiveClin.Core.Tests.Conditions.GeneratedConditions;

namespace LiveClin.Core.Tests.Conditions;

/// <summary>What conditions promise that order options anew or replace one, and how letters are found again.</summary>
public sealed class OptionConditionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(77)]
    public void Shuffled_sorts_the_options_by_their_hashes_and_the_key_goes_with_its_option(int seed) =>
        Check($"shuffled:{seed}", (_, clinicalCase, asked) =>
        CheckOrder(clinicalCase, asked, question => [.. question.Options.OrderBy(
            option => Hash($"shuffled:{seed}\n{Name(clinicalCase)}\n{question.Index}\n{option.Letter.ToUpperInvariant()}"),
            StringComparer.Ordinal)]));

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(97)]
    public void Rotated_moves_the_options_on(int places) =>
        Check($"rotated:{places}", (_, clinicalCase, asked) => CheckOrder(clinicalCase, asked, question =>
    {
        if (places % question.Options.Length == 0) return null;
        var moved = new Option[question.Options.Length];
        for (var i = 0; i < moved.Length; i++) moved[(i + places) % moved.Length] = question.Options[i];
        return moved;
    }));

    [Fact]
    public void Rotated_by_a_multiple_of_every_number_of_options_asks_nothing()
    {
        using var release = new GeneratedRelease(3);
        Assert.All(release.Cases, clinicalCase => Assert.Null(release.Under("rotated:90").Find(clinicalCase)));
        Assert.All(release.Cases, clinicalCase => Assert.Null(release.Under("rotated:0").Find(clinicalCase)));
    }

    [Fact]
    public void None_of_the_above_replaces_the_keys_words_where_that_makes_a_question() =>
        Check("none-of-the-above", (release, clinicalCase, asked) =>
    {
        var anything = false;
        foreach (var question in clinicalCase.Questions)
        {
            var key = question.Options.Single(option => option.Letter.ToUpperInvariant() == question.Key);
            var others = question.Options.Where(option => option != key).ToList();
            var isFit = others.TrueForAll(option => option.Text != key.Text)
                && question.Options.All(option => option.Text != "None of the above");
            anything |= isFit;
            if (asked is null) continue;
            var shown = asked.Turns[question.Index].Question;
            Assert.Equal(question.Key, shown.Key);
            Assert.Equal(question.Options.Select(option => isFit && option == key
                ? option with { Text = "None of the other answers is correct." } : option), shown.Options);
            Assert.Equal(anything, asked.Turns[question.Index].IsChanged);
        }

        Assert.Equal(anything, asked is not null);
    });

    [Theory]
    [InlineData("All of the above", true)]
    [InlineData("none of the above.", true)]
    [InlineData("None of the other options is right", true)]
    [InlineData("All the listed options are correct", true)]
    [InlineData("None of these", true)]
    [InlineData("All are correct", true)]
    [InlineData("None is correct.", true)]
    [InlineData("None", true)]
    [InlineData("Neither of the above", true)]
    [InlineData("No other option is correct", true)]
    [InlineData("There is no correct answer", true)]
    [InlineData("All the others", true)]
    [InlineData("Resection of all of the remaining colon", false)]
    [InlineData("All of the above-mentioned lesions biopsied", false)]
    [InlineData("Excise all of the given specimens", false)]
    [InlineData("Stop all other options of immunosuppression", false)]
    [InlineData("All of these drugs", false)]
    [InlineData("All four limbs", false)]
    [InlineData("Nonexistent", false)]
    public void Options_that_speak_of_the_others_are_recognised(string text, bool speaks)
    {
        var question = new Question { Index = 0, Text = "Q", Options = [new("A", "one"), new("B", text)], Key = "A" };
        var shown = NoneOfTheAbove.Apply(ShownCase.Of(One(question)));
        Assert.Equal(speaks ? "one" : NoneOfTheAbove.Text, shown.Case.Questions[0].Options[0].Text);
    }

    [Fact]
    public void A_letter_under_which_nothing_is_shown_never_becomes_an_option_of_the_release()
    {
        var map = new LetterMap(["A", "B", "C"], ["D", "a", "B"]);
        Assert.Equal(["D", "A", "B", null, "J", null], ((string?[])["A", "B", "C", "D", "J", null]).Select(map.ToPublished));
        Assert.Equal(["B", "C", null, "A", "J"], ((string?[])["A", "B", "C", "D", "J"]).Select(map.ToShown));
    }

    private static void CheckOrder(Case clinicalCase, ConditionedCase? asked, Func<Question, IReadOnlyList<Option>?> order)
    {
        var expected = clinicalCase.Questions.Select(order).ToList();
        if (asked is null)
        {
            Assert.All(expected.Zip(clinicalCase.Questions),
                pair => Assert.True(pair.First is null || pair.First.SequenceEqual(pair.Second.Options)));
            return;
        }

        foreach (var (question, options) in clinicalCase.Questions.Zip(expected))
        {
            var turn = asked.Turns[question.Index];
            if (options is null)
            {
                Assert.Equal(question.Options, turn.Question.Options);
                continue;
            }

            Assert.Equal(options.Select((option, place) => new Option(((char)('A' + place)).ToString(), option.Text)),
                turn.Question.Options);
            Assert.Equal(options.Select(option => option.Letter.ToUpperInvariant()), turn.Letters.Published);
            Assert.Equal(question.Key, turn.Letters.ToPublished(turn.Question.Key));
            Assert.Equal(turn.Question.Key, turn.Letters.ToShown(question.Key));
        }
    }

    private static Case One(Question question) => new()
    {
        Ordinal = 0,
        Line = 1,
        Id = "1",
        FileName = "PMC1.json",
        Scenario = "S",
        Questions = [question],
        Json = "{}",
    };
}
