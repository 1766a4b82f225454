using System.Collections.Immutable;
using LiveClin.Core.Cases;
using LiveClin.Core.Releases;
using LiveClin.Core.Simulated;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Baselines;

/// <summary>Simulated examinees under the published prompts and under others: what is measured is what is stated.</summary>
public sealed class SimulatedExamineeTests
{
    private static readonly Lazy<Task<Release>> Demo = new(() => ReleaseReader.ReadAsync(
        ReleaseLocation.FromFile(RunningExaminees.Jsonl), new ReleaseOptions { CheckImages = false }, CancellationToken.None));

    public static TheoryData<string> Kinds => [.. Examinee.Kinds.Where(kind => !Examinee.Find($"simulated/{kind}-50")!.IsDrawn)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Measured_on_the_demo_is_the_stated_truth(string kind) => await MeasuredIsTrueAsync(await Demo.Value, kind);

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Measured_on_the_real_demo_is_the_stated_truth(string kind) => await MeasuredIsTrueAsync(
        await ReleaseReader.ReadAsync(
            ReleaseLocation.FromFile(SharedData.DemoJsonl, SharedData.DemoImages), new ReleaseOptions { CheckImages = false },
            TestContext.Current.CancellationToken),
        kind);

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Measured_on_releases_of_all_shapes_is_the_stated_truth(string kind)
    {
        for (var seed = 1; seed <= 12; seed++) await MeasuredIsTrueAsync(OddReleases.Make(seed), kind);
    }

    [Fact]
    public async Task Knows_and_phrase_follow_the_option_and_memorised_stays_with_the_letter()
    {
        var turned = new Conversations(await Demo.Value) { Condition = Conditions.Reversed };
        var plain = new Conversations(await Demo.Value);
        foreach (var kind in (string[])["knows", "phrase"])
            Assert.Equal(await plain.HoldAsync($"simulated/{kind}-60"), await turned.HoldAsync($"simulated/{kind}-60"));
        // Reversed, only the key in the middle of an odd number of options keeps its letter.
        var kept = (await Demo.Value).Cases.SelectMany(c => c.Questions).Count(q => Conditions.Reversed(q).Key == q.Key);
        Assert.Equal(kept, (await turned.ScoreAsync("simulated/memorised-100")).Questions);
        // Those who guess by place say another option now, and their own letter still.
        var first = (await Demo.Value).Cases.SelectMany(c => c.Questions).Count(q => Conditions.Reversed(q).Key == "A");
        Assert.Equal(first, (await turned.ScoreAsync("simulated/first-guess-0")).Questions);
    }

    [Fact]
    public async Task Questions_are_found_by_their_options_alone_and_without_the_scenario()
    {
        var plain = await new Conversations(await Demo.Value).HoldAsync("simulated/knows-60");
        var optionsOnly = new Conversations(await Demo.Value)
        {
            Condition = Conditions.Reversed,
            Message = text => text[text.LastIndexOf("* Options:\n", StringComparison.Ordinal)..],
        };
        var withoutCase = new Conversations(await Demo.Value)
        {
            Message = text => text[text.LastIndexOf("* Question: ", StringComparison.Ordinal)..],
        };
        Assert.Equal(plain, await optionsOnly.HoldAsync("simulated/knows-60"));
        Assert.Equal(plain, await withoutCase.HoldAsync("simulated/knows-60"));
    }

    [Fact]
    public async Task Where_the_keys_words_are_gone_knows_takes_the_new_option_and_phrase_is_lost()
    {
        var replaced = new Conversations(await Demo.Value) { Condition = Conditions.WithoutTheKeysWords };
        Assert.Equal((48, (await Demo.Value).QuestionCount), ((await replaced.ScoreAsync("simulated/knows-60")).Questions, 80));
        Assert.Equal(0, (await replaced.ScoreAsync("simulated/phrase-60")).Questions);
    }

    [Fact]
    public async Task Without_the_true_figures_sighted_fails_exactly_where_figures_belong_to_the_question()
    {
        var demo = await Demo.Value;
        var known = await new Conversations(demo).HoldAsync("simulated/sighted-60");
        var expected = demo.Cases.Select(c => c.Questions.Select(q => known[c.Ordinal][q.Index] && !HasFigures(c, q)).ToArray()).ToArray();
        Assert.InRange(expected.Sum(c => c.Count(isRight => isRight)), 1, 47);
        var none = new Conversations(demo) { Images = _ => [] };
        var others = new Conversations(demo) { Images = images => [.. images.Select(_ => "sha256:" + new string('0', 64))] };
        Assert.Equal(expected, await none.HoldAsync("simulated/sighted-60"));
        Assert.Equal(expected, await others.HoldAsync("simulated/sighted-60"));
        Assert.Equal(known, await none.HoldAsync("simulated/blind-60"));
    }

    [Fact]
    public async Task Forgetful_forgets_after_what_the_history_says_and_not_after_what_it_said()
    {
        var demo = await Demo.Value;
        var knows = await new Conversations(demo).ScoreAsync("simulated/knows-60");
        var own = await new Conversations(demo).ScoreAsync("simulated/forgetful-60");
        var gold = await new Conversations(demo) { History = (_, key) => $"\\boxed{{{key}}}" }.ScoreAsync("simulated/forgetful-60");
        var wrong = await new Conversations(demo) { History = (_, key) => $"\\boxed{{{(key == "A" ? "B" : "A")}}}" }.ScoreAsync(
            "simulated/forgetful-60");
        Assert.Equal(knows, gold);
        Assert.True(wrong.Questions < own.Questions && own.Questions < gold.Questions, $"{wrong} {own} {gold}");
    }

    private static async Task MeasuredIsTrueAsync(Release release, string kind)
    {
        foreach (var percent in (int[])[0, 33, 60, 100])
        {
            var name = $"simulated/{kind}-{percent}";
            var truth = Examinee.Find(name)!.TruthOn(ExamPaper.Of(release.Cases));
            Assert.Equal((name, truth.CorrectQuestions, truth.CorrectCases), await Named(name));
        }

        async Task<(string, int, int)> Named(string name) =>
            await new Conversations(release).ScoreAsync(name) is var (questions, cases) ? (name, questions, cases) : default;
    }

    private static bool HasFigures(Case clinicalCase, Question question) =>
        question.Figures.Length > 0 || (question.Index == 0 && clinicalCase.Figures.Length > 0);
}

/// <summary>Other cases made of cases.</summary>
internal static class Conditions
{
    public static Case Reversed(Case clinicalCase) => clinicalCase with { Questions = [.. clinicalCase.Questions.Select(Reversed)] };

    public static Question Reversed(Question question)
    {
        var letters = question.Options.Select(o => o.Letter).ToList();
        var options = question.Options.Reverse().Select((option, i) => (Old: option.Letter, New: new Option(letters[i], option.Text)))
            .ToList();
        return question with
        {
            Options = [.. options.Select(o => o.New)],
            Key = options.Single(o => string.Equals(o.Old, question.Key, StringComparison.OrdinalIgnoreCase)).New.Letter.ToUpperInvariant(),
        };
    }

    public static Case WithoutTheKeysWords(Case clinicalCase) => clinicalCase with
    {
        Questions = [.. clinicalCase.Questions.Select(question => question with
        {
            Options = [.. question.Options.Select(option => option.Letter == question.Key
                ? option with { Text = "None of the other answers is correct." } : option)],
        })],
    };
}

/// <summary>
/// Releases with what real ones have seldom: two to ten options, lower-case letters, equal texts, options of several lines, the same
/// question in two cases.
/// </summary>
internal static class OddReleases
{
    public static Release Make(int seed)
    {
        var random = new Random(seed);
        var cases = Enumerable.Range(0, random.Next(1, 9)).Select(ordinal => MakeCase(random, seed, ordinal)).ToImmutableArray();
        return new Release
        {
            Name = $"odd-{seed}",
            JsonlPath = "/nowhere/odd.jsonl",
            ImageRoot = "/nowhere",
            Sha256 = new string('b', 64),
            Cases = cases,
        };
    }

    private static Case MakeCase(Random random, int seed, int ordinal) => new()
    {
        Ordinal = ordinal,
        Line = ordinal + 1,
        Id = $"{ordinal}",
        FileName = $"PMC{seed}-{ordinal}.json",
        Scenario = $"Scenario {ordinal}\nof a patient",
        Json = "{}",
        Questions = [.. Enumerable.Range(0, random.Next(1, 7)).Select(index => MakeQuestion(random, ordinal, index))],
    };

    private static Question MakeQuestion(Random random, int ordinal, int index)
    {
        var isLower = random.Next(3) == 0;
        var options = Enumerable.Range(0, random.Next(2, 11))
            .Select(i => new Option(((char)((isLower ? 'a' : 'A') + i)).ToString(), random.Next(6) switch
        {
            0 => "the same text",
            1 => $"two\nC. lines {i}",
            _ => $"option {ordinal}.{index}.{i}",
        })).ToImmutableArray();
        return new Question
        {
            Index = index,
            Text = random.Next(4) == 0 ? "The same question?" : $"Question {ordinal}.{index}?\n* Options:\nmany",
            Options = options,
            Key = options[random.Next(options.Length)].Letter.ToUpperInvariant(),
        };
    }
}
