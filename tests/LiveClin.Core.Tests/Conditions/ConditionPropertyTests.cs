using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LiveClin.Core.Cases;
using LiveClin.Core.Conditions;
using LiveClin.Core.Prompts;

namespace LiveClin.Core.Tests.Conditions;

/// <summary>What every condition promises, on generated releases of all shapes; seeded orders are worked out a second time from their definition.</summary>
public sealed class ConditionPropertyTests
{
    private const string Instruction = @"Please provide the letter of the correct option, formatted as \boxed{LETTER} (e.g., \boxed{A}).";
    private static readonly int[] Seeds = [.. Enumerable.Range(1, 40)];

    [Fact]
    public void Published_is_the_published_prompts_and_asks_every_case() => Check("published", (release, clinicalCase, asked) =>
    {
        Assert.NotNull(asked);
        Assert.Equal(release.Published(clinicalCase).Select(turn => turn.Text), asked.Turns.Select(turn => turn.Prompt.Text));
        Assert.Equal((false, false), (asked.IsChanged, asked.IsApart));
        Assert.All(asked.Turns, turn => Assert.True(turn.Letters.IsIdentity && turn.ForcedReply is null));
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(77)]
    public void Shuffled_sorts_the_options_by_their_hashes_and_the_key_goes_with_its_option(int seed) => Check($"shuffled:{seed}", (_, clinicalCase, asked) =>
        CheckOrder(clinicalCase, asked, question => [.. question.Options.OrderBy(
            option => Hash($"shuffled:{seed}\n{Name(clinicalCase)}\n{question.Index}\n{option.Letter.ToUpperInvariant()}"), StringComparer.Ordinal)]));

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(97)]
    public void Rotated_moves_the_options_on(int places) => Check($"rotated:{places}", (_, clinicalCase, asked) => CheckOrder(clinicalCase, asked, question =>
    {
        if (places % question.Options.Length == 0) return null;
        var moved = new Option[question.Options.Length];
        for (var i = 0; i < moved.Length; i++) moved[(i + places) % moved.Length] = question.Options[i];
        return moved;
    }));

    [Fact]
    public void No_images_sends_the_same_text_and_no_image() => Check("no-images", (release, clinicalCase, asked) =>
    {
        var published = release.Published(clinicalCase);
        Assert.Equal(published.Any(turn => turn.Images.Length > 0), asked is not null);
        if (asked is null) return;
        Assert.Equal(published.Select(turn => turn.Text), asked.Turns.Select(turn => turn.Prompt.Text));
        Assert.All(asked.Turns, turn => Assert.Empty(turn.Prompt.Images));
        // A question is changed from the first image on: it belongs to the request from then on.
        var first = published.First(turn => turn.Images.Length > 0).QuestionIndex;
        Assert.All(asked.Turns, turn => Assert.Equal(turn.Question.Index >= first, turn.IsChanged));
    });

    [Fact]
    public void Images_missing_says_so_in_place_of_every_heading_and_its_lines() => Check("images-missing", (release, clinicalCase, asked) =>
    {
        var figures = clinicalCase.Figures.Concat(clinicalCase.Questions.SelectMany(question => question.Figures));
        Assert.Equal(figures.Any(figure => Counts(release, figure)), asked is not null);
        if (asked is null) return;
        Assert.All(asked.Turns, turn => Assert.Empty(turn.Prompt.Images));
        if (HasEqualBlocks(release, clinicalCase)) return;
        foreach (var (turn, prompt) in asked.Turns.Zip(release.Published(clinicalCase)))
        {
            var expected = prompt.Text;
            if (turn.Question.Index == 0) expected = Missing(expected, "* Figures:\n" + Lines(release, clinicalCase.Figures));
            expected = Missing(expected, "* Figures:\n" + Lines(release, turn.Question.Figures));
            Assert.Equal(expected, turn.Prompt.Text);
        }

        static string Missing(string text, string block) => block.EndsWith(":\n", StringComparison.Ordinal)
            ? text
            : text[..text.LastIndexOf(block, StringComparison.Ordinal)] + "* Figures: cannot be shown here." + text[(text.LastIndexOf(block, StringComparison.Ordinal) + block.Length)..];
    });

    [Fact]
    public void Blank_images_keep_number_and_text() => Check("blank-images", (release, clinicalCase, asked) =>
    {
        if (asked is null) return;
        foreach (var (turn, prompt) in asked.Turns.Zip(release.Published(clinicalCase)))
        {
            Assert.Equal(prompt.Text, turn.Prompt.Text);
            Assert.Equal(prompt.Images.Select(image => image with { IsBlank = true }), turn.Prompt.Images);
        }
    });

    [Fact]
    public void Swapped_images_are_those_of_other_cases_each_once_by_the_smallest_hash() => Check("swapped-images:3", (release, clinicalCase, asked) =>
    {
        if (asked is null) return;
        var own = Sent(release, clinicalCase).ToList();
        var hashes = own.Select(figure => HashOf(release, figure)).ToHashSet();
        var pool = release.Cases.SelectMany(other => Sent(release, other)).ToLookup(figure => HashOf(release, figure));
        var swapped = asked.Turns.SelectMany(turn => turn.Prompt.Images).ToList();
        Assert.Equal(own.Count, swapped.Count);
        var used = new HashSet<string>(hashes);
        for (var place = 0; place < own.Count; place++)
        {
            var left = pool.Where(image => !used.Contains(image.Key)).ToList();
            var alike = left.Where(image => image.Any(figure => Classes(figure).Intersect(Classes(own[place])).Any())).ToList();
            var expected = (alike.Count > 0 ? alike : left)
                .MinBy(image => Hash($"swapped-images:3\n{Name(clinicalCase)}\n{place}\n{image.Key}"), StringComparer.Ordinal)!.Key;
            Assert.Equal(expected, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(swapped[place].Path!))));
            used.Add(expected);
        }

        Assert.Equal(release.Published(clinicalCase).Select(turn => turn.Text), asked.Turns.Select(turn => turn.Prompt.Text));
    });

    [Fact]
    public void No_tables_leaves_out_tables_and_nothing_else() => Check("no-tables", (release, clinicalCase, asked) =>
    {
        var bare = clinicalCase with { Tables = [], Questions = [.. clinicalCase.Questions.Select(question => question with { Tables = [] })] };
        var expected = release.Published(bare);
        Assert.Equal(expected.Zip(release.Published(clinicalCase)).Any(pair => pair.First.Text != pair.Second.Text), asked is not null);
        if (asked is not null) Assert.Equal(expected.Select(turn => turn.Text), asked.Turns.Select(turn => turn.Prompt.Text));
    });

    [Fact]
    public void No_case_is_the_questions_block_alone_in_one_conversation() => Check("no-case", (_, _, asked) =>
    {
        Assert.False(asked!.IsApart);
        Assert.All(asked.Turns, turn => Assert.Equal(
            ($"* Question: {turn.Question.Text}\n{OptionLines(turn.Question)}", 0, true), (turn.Prompt.Text, turn.Prompt.Images.Length, turn.IsChanged)));
    });

    [Fact]
    public void Choices_only_is_options_and_instruction_each_question_alone() => Check("choices-only", (_, _, asked) =>
    {
        Assert.True(asked!.IsApart);
        Assert.All(asked.Turns, turn => Assert.Equal((OptionLines(turn.Question), 0, true), (turn.Prompt.Text, turn.Prompt.Images.Length, turn.IsChanged)));
    });

    [Fact]
    public void None_of_the_above_replaces_the_keys_words_where_that_makes_a_question() => Check("none-of-the-above", (release, clinicalCase, asked) =>
    {
        var anything = false;
        foreach (var question in clinicalCase.Questions)
        {
            var key = question.Options.Single(option => option.Letter.ToUpperInvariant() == question.Key);
            var others = question.Options.Where(option => option != key).ToList();
            var isFit = others.TrueForAll(option => option.Text != key.Text) && question.Options.All(option => option.Text != "None of the above");
            anything |= isFit;
            if (asked is null) continue;
            var shown = asked.Turns[question.Index].Question;
            Assert.Equal(question.Key, shown.Key);
            Assert.Equal(question.Options.Select(option => isFit && option == key ? option with { Text = "None of the other answers is correct." } : option), shown.Options);
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
    public void Gold_history_says_the_keys_and_changes_what_comes_after_the_first_question() => Check("gold-history", (release, clinicalCase, asked) =>
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
                .MinBy(option => Hash($"wrong-history:4\n{Name(clinicalCase)}\n{question.Index}\n{option.Letter.ToUpperInvariant()}"), StringComparer.Ordinal);
        }).ToList();
        Assert.Equal(wrong.Count > 1 && wrong.SkipLast(1).All(option => option is not null), asked is not null);
        if (asked is null) return;
        Assert.Equal(
            wrong.SkipLast(1).Select(option => $"\\boxed{{{option!.Letter.ToUpperInvariant()}}}"), asked.Turns.SkipLast(1).Select(turn => turn.ForcedReply));
    });

    [Fact]
    public void Single_turn_is_the_scenario_and_one_question_and_nothing_of_the_others() => Check("single-turn", (release, clinicalCase, asked) =>
    {
        Assert.Equal(clinicalCase.Questions.Length > 1, asked is not null);
        if (asked is null) return;
        Assert.True(asked.IsApart);
        foreach (var turn in asked.Turns)
        {
            var alone = release.Published(clinicalCase with { Questions = [clinicalCase.Questions[turn.Question.Index] with { Index = 0 }] })[0];
            Assert.Equal((alone.Text, turn.Question.Index > 0), (turn.Prompt.Text, turn.IsChanged));
            Assert.Equal(alone.Images, turn.Prompt.Images);
        }
    });

    [Fact]
    public void Rotated_by_a_multiple_of_every_number_of_options_asks_nothing()
    {
        using var release = new GeneratedRelease(3);
        Assert.All(release.Cases, clinicalCase => Assert.Null(release.Under("rotated:90").Find(clinicalCase)));
        Assert.All(release.Cases, clinicalCase => Assert.Null(release.Under("rotated:0").Find(clinicalCase)));
    }

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
        string[] conditions = ["published", "shuffled:1", "shuffled:2", "rotated:1", "no-case", "choices-only", "single-turn", "gold-history", "wrong-history:1"];
        var clinicalCase = first.Cases.First(one => one.Questions.Length > 2);
        var hashes = conditions.Select(condition => first.Under(condition).Find(clinicalCase)!.Hash).ToList();
        Assert.Equal(hashes, conditions.Select(condition => second.Under(condition).Find(second.Cases[clinicalCase.Ordinal])!.Hash));
        Assert.Equal(hashes.Count, hashes.Distinct().Count());
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
            Assert.All(expected.Zip(clinicalCase.Questions), pair => Assert.True(pair.First is null || pair.First.SequenceEqual(pair.Second.Options)));
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

            Assert.Equal(options.Select((option, place) => new Option(((char)('A' + place)).ToString(), option.Text)), turn.Question.Options);
            Assert.Equal(options.Select(option => option.Letter.ToUpperInvariant()), turn.Letters.Published);
            Assert.Equal(question.Key, turn.Letters.ToPublished(turn.Question.Key));
            Assert.Equal(turn.Question.Key, turn.Letters.ToShown(question.Key));
        }
    }

    private static void Check(string condition, Action<GeneratedRelease, Case, ConditionedCase?> check)
    {
        var asked = 0;
        foreach (var seed in Seeds)
        {
            using var release = new GeneratedRelease(seed);
            var under = release.Under(condition);
            foreach (var clinicalCase in release.Cases)
            {
                var found = under.Find(clinicalCase);
                if (found is not null) asked++;
                check(release, clinicalCase, found);
            }
        }

        Assert.True(asked > 20, $"Only {asked} cases were asked under {condition}.");
    }

    // Where scenario and first question list the same figures, the text does not tell which block is which.
    private static bool HasEqualBlocks(GeneratedRelease release, Case clinicalCase) =>
        Lines(release, clinicalCase.Figures).Length > 0 && Lines(release, clinicalCase.Questions[0].Figures).Length > 0;

    private static string Lines(GeneratedRelease release, IEnumerable<Figure> figures) =>
        string.Join('\n', figures.Where(figure => Counts(release, figure)).Select(figure => figure.CaptionPrefix));

    private static bool Counts(GeneratedRelease release, Figure figure) => figure.CaptionPrefix is { Length: > 0 } && release.Images.Find(figure.File!) is not null;

    private static IEnumerable<Figure> Sent(GeneratedRelease release, Case clinicalCase) =>
        clinicalCase.Figures.Concat(clinicalCase.Questions.SelectMany(question => question.Figures))
            .Where(figure => Counts(release, figure) && release.Images.Find(figure.File!)!.CanBeSent);

    private static string HashOf(GeneratedRelease release, Figure figure) =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(release.Images.Find(figure.File!)!.Path)));

    private static IEnumerable<string> Classes(Figure figure) => Core.Statistics.Labels.ImageModalities(figure.Type!);

    private static string OptionLines(Question question) =>
        string.Create(CultureInfo.InvariantCulture, $"* Options:\n{string.Join('\n', question.Options.Select(option => $"{option.Letter}. {option.Text}"))}\n\n{Instruction}");

    private static string Name(Case clinicalCase) => clinicalCase.FileName[..^".json".Length];

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static Case One(Question question) => new() { Ordinal = 0, Line = 1, Id = "1", FileName = "PMC1.json", Scenario = "S", Questions = [question], Json = "{}" };
}
