using System.Collections.Immutable;
using LiveClin.Core.Floors;
using LiveClin.Core.Simulated;

namespace LiveClin.Core.Tests.Simulated;

public sealed class ExamineeTests
{
    [Theory]
    [InlineData("simulated/knows-60", 60)]
    [InlineData("simulated/first-guess-0", 0)]
    [InlineData("simulated/forgetful-100", 100)]
    [InlineData("simulated/sighted-7", 7)]
    public void Names_have_a_kind_and_a_percentage(string name, int percent)
    {
        var examinee = Examinee.Find(name);
        Assert.Equal((name, percent), (examinee?.Name, examinee?.Percent));
    }

    [Theory]
    [InlineData("simulated/knows-101")]
    [InlineData("simulated/knows--5")]
    [InlineData("simulated/knows-6.5")]
    [InlineData("simulated/knows")]
    [InlineData("simulated/-60")]
    [InlineData("simulated/cheats-60")]
    [InlineData("knows-60")]
    [InlineData("")]
    public void Other_names_are_none(string name) => Assert.Null(Examinee.Find(name));

    [Fact]
    public void A_percentage_is_the_nearest_whole_number_of_questions_and_halves_go_up()
    {
        for (var questions = 1; questions <= 120; questions += 7)
        {
            var paper = Papers.Of(questions);
            for (var percent = 0; percent <= 100; percent++)
            {
                var expected = (int)Math.Round(questions * percent / 100m, MidpointRounding.AwayFromZero);
                Assert.Equal(expected, Examinee.Find($"simulated/knows-{percent}")!.TruthOn(paper).CorrectQuestions);
            }
        }
    }

    [Fact]
    public void Who_knows_more_knows_all_that_the_other_does()
    {
        var paper = Papers.Of(97);
        var right = new[] { 10, 40, 41, 90 }.Select(percent => RightOf(paper, Examinee.Find($"simulated/knows-{percent}")!)).ToList();
        Assert.All(right.Zip(right.Skip(1)), pair => Assert.Superset(pair.First, pair.Second));
        Assert.Equal([10, 39, 40, 87], right.Select(r => r.Count));
    }

    [Theory]
    [InlineData("first-guess", "A")]
    [InlineData("position", "B")]
    public void A_guess_is_right_where_its_letter_is_the_key(string kind, string letter)
    {
        var paper = Papers.Of(200);
        var truth = Examinee.Find($"simulated/{kind}-60")!.TruthOn(paper);
        var guessed = paper.Cases.SelectMany(c => c).Count(q => paper.PlaceOf(q) >= 120 && q.Key == letter);
        Assert.InRange(guessed, 5, 40);
        Assert.Equal(120 + guessed, truth.CorrectQuestions);
    }

    [Fact]
    public void After_an_error_the_forgetful_one_knows_half_as_much()
    {
        var paper = Papers.Of(211); // 60 % are 127; half of them 63
        var (questions, cases) = (0, 0);
        foreach (var clinicalCase in paper.Cases)
        {
            var known = 127;
            var right = 0;
            foreach (var question in clinicalCase)
            {
                if (paper.PlaceOf(question) < known) right++;
                else known = 63;
            }

            questions += right;
            if (right == clinicalCase.Length) cases++;
        }

        var truth = Examinee.Find("simulated/forgetful-60")!.TruthOn(paper);
        Assert.Equal((questions, 211, cases, paper.Cases.Length),
            (truth.CorrectQuestions, truth.Questions, truth.CorrectCases, truth.Cases));
        Assert.InRange(questions, 63, 126);
    }

    [Fact]
    public void Wrong_letters_are_seeded_offered_never_the_key_and_not_always_the_same_one()
    {
        var paper = Papers.Of(300);
        var said = new Dictionary<string, int>();
        foreach (var question in paper.Cases.SelectMany(c => c))
        {
            var sitting = Sitting.Published(paper, question, hasErred: false);
            Assert.Equal(sitting.Wrong, Sitting.Published(paper, question, hasErred: true).Wrong);
            Assert.NotEqual(question.Key, sitting.Wrong);
            Assert.Contains(sitting.Wrong, question.Letters);
            said[sitting.Wrong] = said.GetValueOrDefault(sitting.Wrong) + 1;
        }

        Assert.Equal(["A", "B", "C", "D", "E"], said.Keys.Order());
        Assert.All(said.Values, count => Assert.InRange(count, 30, 90));
    }

    [Fact]
    public void A_key_that_no_rule_finds_is_never_right()
    {
        var paper = new ExamPaper([[new ExamQuestion("PMC1", 0, "K", [.. "ABCDEFGHIJK".Select(l => l.ToString())])]]);
        Assert.Equal(0, Examinee.Find("simulated/knows-100")!.TruthOn(paper).CorrectQuestions);
    }

    [Fact]
    public void The_truth_is_one_sentence() => Assert.Equal(
        "Simulated: knows 60 % of the questions and is wrong on the others; true on this release: 6/10 (60.0 %) of the questions, 1/2 (50.0 %) of the cases.",
        new ExamineeTruth(Examinee.Find("simulated/knows-60")!, 6, 10, 1, 2).ToString());

    [Theory]
    [InlineData("baseline/always-A", ModelKind.Floor)]
    [InlineData("simulated/knows-60", ModelKind.Simulated)]
    [InlineData("gpt-5", ModelKind.Model)]
    [InlineData("my/simulated/knows-60", ModelKind.Model)]
    public void Kinds_are_told_by_the_name_on_the_wire(string apiId, ModelKind kind) => Assert.Equal(kind, ModelKinds.Of(apiId));

    [Fact]
    public void Floors_and_examinees_are_no_models() => Assert.All(
        [.. Floor.All.Select(f => f.ApiId), .. Examinee.Listed.Select(e => e.Name)], name =>
            Assert.NotEqual(ModelKind.Model, ModelKinds.Of(name)));

    private static HashSet<(string, int)> RightOf(ExamPaper paper, Examinee examinee) => paper.Cases.SelectMany(c => c)
        .Where(q => examinee.Answer(Sitting.Published(paper, q, hasErred: false)) == q.Key).Select(q => (q.CaseName, q.Index)).ToHashSet();
}

/// <summary>Examinations for tests.</summary>
internal static class Papers
{
    /// <summary>Questions with five options in cases of up to six, keys in turn.</summary>
    public static ExamPaper Of(int questions) => new(Enumerable.Range(0, questions).Chunk(6).Select((numbers, number) =>
        numbers.Select((n, index) => new ExamQuestion($"PMC{number}", index, "ABCDE"[n * 7 % 5].ToString(),
            [.. "ABCDE".Select(l => l.ToString())])).ToImmutableArray()));
}
