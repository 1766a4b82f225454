using System.Collections.Immutable;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Conditions;
using LiveClin.Core.Prompts;
using LiveClin.Core.Simulated;
using LiveClin.Stats.Controls;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Tests.Controls;

/// <summary>Examinees with one planted weakness each: the controls find it, and no other.</summary>
public sealed class PlantedWeaknessTests
{
    private static readonly string[] Conditions =
    [
        "shuffled:1", "shuffled:2", "no-images", "images-missing", "no-case", "choices-only", "none-of-the-above", "gold-history",
        "wrong-history:1", "single-turn",
    ];

    [Theory]
    [InlineData("knows-60", new string[0], new string[0])]
    [InlineData("blind-60", new string[0], new string[0])]
    [InlineData("noisy-60", new string[0], new string[0])]
    [InlineData("sighted-60", new[] { "no-images", "images-missing", "no-case", "choices-only" }, new string[0])]
    [InlineData("memorised-60", new[] { "shuffled:1", "shuffled:2" }, new string[0])]
    [InlineData("position-40", new[] { "shuffled:1", "shuffled:2" }, new string[0])]
    [InlineData("phrase-60", new[] { "none-of-the-above" }, new string[0])]
    [InlineData("forgetful-80", new[] { "wrong-history:1" }, new[] { "gold-history", "single-turn", "choices-only" })]
    public void Each_condition_tells_exactly_what_was_planted(string examinee, string[] lower, string[] higher)
    {
        var controls = Examine(examinee);
        Assert.Equal(lower, controls.Effects.Where(effect => effect.IsTold && effect.QuestionDifference.Difference < 0)
            .Select(effect => effect.Condition));
        Assert.Equal(higher.Order(), controls.Effects.Where(effect => effect.IsTold && effect.QuestionDifference.Difference > 0)
            .Select(effect => effect.Condition).Order());
        Assert.All(controls.Effects.Where(effect => effect.IsTold),
            effect => Assert.False(effect.QuestionDifference.Interval().Contains(0)));
    }

    [Fact]
    public void What_needs_no_picture_keeps_its_score_without_and_what_needs_one_loses_all_of_it()
    {
        Assert.All(Examine("blind-60").Mirage, mirage => Assert.Equal(1, mirage.Value, 12));
        var sighted = Examine("sighted-60").Mirage;
        Assert.Equal(["no-images", "images-missing"], sighted.Select(mirage => mirage.Condition));
        Assert.All(sighted, mirage => Assert.InRange(mirage.Interval.High, 0, 0.9));
    }

    [Fact]
    public void Positions_are_seen_in_what_is_chosen_and_in_the_recall_of_one_letter()
    {
        var (knows, position) = (Examine("knows-60").Order!, Examine("position-40").Order!);
        Assert.Equal(knows.Consistent.Total, knows.Consistent.Count);
        Assert.InRange(position.ConsistentInterval.High, 0, 0.7);
        Assert.All(position.Orders, order => Assert.Equal('B', order.Letters.MaxBy(letter => letter.Value.Value).Key));
        Assert.All(position.Orders, order => Assert.True(order.Spread > 2 * knows.Orders[0].Spread));
    }

    [Fact]
    public void Errors_follow_errors_only_where_that_was_planted()
    {
        var forgetful = Examine("forgetful-80");
        Assert.True(forgetful.Errors.RatioInterval.Low > 1.2, $"{forgetful.Errors}");
        // It forgets after errors only: no case that is right as a whole depends on that, and what is lost is lost in the others.
        Assert.Equal(forgetful.History!.Published, forgetful.History.Gold);
        Assert.True(forgetful.History.GoldIfIndependent > forgetful.History.PublishedIfIndependent);
        Assert.InRange(Examine("knows-60").Errors.Ratio, 0.8, 1.2);
    }

    // Several tests look at one examinee, and nothing about it changes.
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, ModelControls> Examined = [];

    private static ModelControls Examine(string name) => Examined.GetOrAdd(name, ExamineAnew);

    private static ModelControls ExamineAnew(string name)
    {
        var release = Release.Value;
        var examinee = Examinee.Find(Examinee.Prefix + name)!;
        var paper = ExamPaper.Of(release);
        var builder = new ResultSetBuilder("planted");
        var facts = release.Select(clinicalCase => builder.AddCase(new CaseFacts
        {
            Id = clinicalCase.Id, FileName = clinicalCase.FileName,
            Questions = [.. clinicalCase.Questions.Select(question => new QuestionFacts { Index = question.Index, Key = question.Key,
                Letters = [.. question.Options.Select(option => option.Letter)] })],
        })).ToList();
        foreach (var (seed, condition) in ((string[])["published", .. Conditions]).Index())
        {
            var model = builder.AddModel(condition);
            model.Condition = condition;
            var conditioned = new ConditionedRelease(Condition.Parse(condition), release, ImageMode.Local, Find);
            var asked = release.Select(conditioned.Find).OfType<ConditionedCase>().ToList();
            model.Asked = condition == "published" ? null : ConditionFacts.Of(facts, asked.Select(Core.Results.RunCase.Of));
            foreach (var each in asked) Sit(examinee, paper, release[each.Case.Ordinal], each, seed, model.Cover(facts[each.Case.Ordinal]));
        }

        return ControlSets.Controls(builder.Build());
    }

    // What the examination room does with requests, here with the cases themselves.
    private static void Sit(Examinee examinee, ExamPaper paper, Case published, ConditionedCase asked, int seed, AnswerFacts[] answers)
    {
        var hasErred = false;
        var prompts = PromptBuilder.Build(published, ImageMode.Local, Find);
        var known = ExamPaper.QuestionsOf(published);
        foreach (var turn in asked.Turns)
        {
            var index = turn.Question.Index;
            if (asked.IsApart) hasErred = false;
            var figures = prompts[index].Images;
            var letter = examinee.Answer(new Sitting
            {
                Paper = paper,
                Question = known[index],
                Options = [.. turn.Question.Options.Select(option =>
                    new ShownOption(option.Letter, turn.Letters.ToPublished(option.Letter)))],
                HasErred = () => hasErred,
                SeesFigures = () => figures.All(turn.Prompt.Images.Contains),
                IsKeyInItsWords = turn.Question.Options.Single(option => option.Letter == turn.Question.Key)
                    .Text == published.Questions[index].Options.Single(option => option.Letter == known[index].Key).Text,
                Seed = seed,
            });
            var isRight = letter == turn.Question.Key;
            answers[index] = new AnswerFacts(isRight ? Outcome.Correct : Outcome.Wrong, turn.Letters.ToPublished(letter)![0],
                ExtractionRule.Boxed, true, null, null);
            hasErred |= turn.ForcedReply is { } said ? said != $"\\boxed{{{turn.Question.Key}}}" : !isRight;
        }
    }

    private static ImageFile Find(string file) => new(file, "image/png", 1);

    // Half of the questions have a figure of their own, and four in ten keys are B.
    private static readonly Lazy<ImmutableArray<Case>> Release = new(() =>
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, 250).Select(ordinal => new Case
        {
            Ordinal = ordinal, Line = ordinal + 1, Id = $"{ordinal}", FileName = $"PMC{ordinal}.json", Scenario = $"Scenario {ordinal}",
            Json = "{}",
            Questions = [.. Enumerable.Range(0, random.Next(3, 7)).Select(index => new Question
            {
                Index = index,
                Text = $"Question {ordinal}.{index}?",
                Options = [.. Enumerable.Range(0, 10)
                    .Select(i => new Option(((char)('A' + i)).ToString(), $"option {ordinal}.{index}.{i}"))],
                Key = random.Next(10) < 4 ? "B" : ((char)('A' + random.Next(10))).ToString(),
                Figures = random.Next(2) == 0 ? [new Figure { File = $"{ordinal}.{index}.png", CaptionPrefix = "Figure 1" }] : [],
            })],
        })];
    });
}
