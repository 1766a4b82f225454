using System.Collections.Immutable;
using LiveClin.Core.Floors;
using LiveClin.Core.Formats;
using LiveClin.Core.Releases;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.Cost;
using LiveClin.Stats.Floors;
using LiveClin.Stats.Reports;
using LiveClin.Stats.ResultSets;
using LiveClin.Testing;

namespace LiveClin.Stats.Tests.Floors;

public sealed class FloorTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Floors_of_a_release_are_those_that_the_console_shows_and_need_no_run(bool isReal)
    {
        var jsonl = isReal ? SharedData.DemoJsonl : Path.Combine(SharedData.RepositoryRoot, "data", "demo", "demo.jsonl");
        var release = await ReleaseReader.ReadAsync(
            ReleaseLocation.FromFile(jsonl), new ReleaseOptions { CheckImages = false }, TestContext.Current.CancellationToken);
        var builder = new ResultSetBuilder("demo");
        foreach (var @case in release.Cases)
            builder.AddCase(CaseReading.FromCore(CoreFolder.ParseCase(@case.Json, @case.FileName), @case.Id));
        var floors = ReleaseFloors.Of(builder.Build()).All.ToDictionary(floor => floor.Name);
        Assert.Equal(4, floors.Count);
        foreach (var score in FloorScore.Of(release.Cases).Where(score => score.Floor.Name != "random"))
        {
            var floor = floors[score.Floor.Name];
            Assert.Equal((score.Questions, score.Cases), (floor.Questions, floor.Cases));
            Assert.Equal((double)score.CorrectQuestions / score.Questions, floor.QuestionAccuracy, 12);
            Assert.Equal((double)score.CorrectCases / score.Cases, floor.CaseAccuracy, 12);
        }

        var questions = release.Cases.SelectMany(@case => @case.Questions).ToList();
        Assert.Equal(questions.Average(question => 1.0 / question.Options.Length), floors[ReleaseFloors.Guess].QuestionAccuracy, 12);
        Assert.Equal(release.Cases.Average(@case => @case.Questions.Aggregate(1.0, (p, q) => p / q.Options.Length)),
            floors[ReleaseFloors.Guess].CaseAccuracy, 12);
    }

    // By hand: d = right − (i % 3 == 0) over 60 cases; mean 0.4667, ± 2.00100 (t, 59 degrees of freedom) · √(Σ(d − mean)² · 60/59)/60.
    [Fact]
    public void A_model_above_the_floors_is_called_best()
    {
        var best = BestModel.Of(Keys("ABC", ("good", i => i % 5 != 0), ("poor", i => i % 5 == 0)));
        Assert.Equal("good", best.Row?.Ledger.Model.Model);
        Assert.Equal(
            "good is called best, with 48/60 (80.0 %) of cases. good lies above the best floor: "
            + "+46.7 points of question accuracy against always-A, 33.3 % (95 % interval +30.6 to +62.8).", best.Statement);
    }

    [Fact]
    public void A_model_that_says_one_letter_is_not_called_best_and_the_next_one_may_be()
    {
        // Nine keys of ten are A, so that always saying A scores 90 %; who knows 93 % of those alone says nearly always A too.
        var set = Keys("AAAAAAAAAB", ("letter", i => i % 10 != 9));
        var best = BestModel.Of(set);
        Assert.Null(best.Row);
        Assert.Equal(
            "No model is called best: a floor may explain what the leading one scores. letter does not lie above the floors: "
            + "it answers A to 54/60 (90.0 %) of the questions to which it gives a letter; "
            + "0.0 points of question accuracy against always-A, 90.0 % (95 % interval no interval).", best.Statement);
    }

    [Fact]
    public void A_difference_whose_interval_holds_zero_is_said_beside_the_next_model_that_may_be_called_best()
    {
        // By whole cases "lucky" leads: a case of many questions missed by all weighs little there.
        var set = SyntheticSets.Counts([1, 1, 1, 1, 1, 1, 40, 40, 40, 40], ("lucky", [1, 1, 1, 1, 1, 1, 0, 0, 0, 0]),
            ("solid", [1, 1, 1, 1, 1, 0, 39, 38, 39, 37]));
        set = WithKeys(set, (@case, i) => @case < 6 ? "C" : "ABC"[i % 3].ToString());
        var best = BestModel.Of(set);
        Assert.Equal("solid", best.Row?.Ledger.Model.Model);
        Assert.Equal("lucky", Assert.Single(best.PassedOver).Model);
        Assert.Contains("Not called best although it scores higher: lucky does not lie above the floors: ", best.Statement,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_partial_run_stands_beside_the_floor_on_its_own_cases()
    {
        // always-A has all of the first two cases, and nothing of the others; the model covers three.
        var set = WithKeys(SyntheticSets.Counts([2, 2, 2, 2], ("part", [2, 1, 1, 0])), (@case, _) => @case < 2 ? "A" : "B");
        set = new ResultSet(set.Release, set.ReleaseSha256, set.Cases, [set.Models[0] with { Covers = [true, true, true, false] }], []);
        var check = FloorCheck.Of(set)["part"];
        Assert.Equal((0.5, 4.0 / 6, 3), (check.Floor.QuestionAccuracy, check.FloorAccuracy, check.PartOfCases));
        Assert.Equal(0, check.Difference.Difference, 12);
        Assert.Contains("against always-A, 66.7 % on the same 3 cases", check.Statement, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_says_who_is_best_and_has_the_floors()
    {
        var report = Report.Of(Keys("ABC", ("good", i => i % 5 != 0)), PriceTable.Empty, DateTimeOffset.UnixEpoch);
        var tables = ReportTables.Of(report).ToDictionary(table => table.Name);
        Assert.EndsWith(report.Best, tables["floors"].Remark, StringComparison.Ordinal);
        Assert.Equal(["always-A", "33.3 %", "33.3 %", "33.3 %"],
            new[] { 0, 2, 3, 4 }.Select(column => tables["floors"].Rows[0][column].Text));
        Assert.Equal(["good", "always-A", "yes"], new[] { 0, 1, 5 }.Select(column => tables["above-floor"].Rows[0][column].Text));
    }

    // By hand: keys A A B | B; first right on 1 1 0 | 1, second on 1 0 0 | 0. A: +1/2, B: +1/2; mean +1/2.
    // Deviations of the cases: A (0 − ½)/(2·2) + (1 − ½)/(2·2) and B (0 − ½)/(2·2) = −1/8; B (1 − ½)/(2·2) = +1/8. SE = √(2 · 2/64) = ¼.
    [Fact]
    public void The_balanced_difference_counts_every_letter_alike_and_is_clustered_by_case()
    {
        var set = SyntheticSets.Counts([3, 1], ("a", [2, 1]), ("b", [1, 0]));
        set = WithKeys(set, (@case, i) => @case == 0 && i < 2 ? "A" : "B");
        var pair = Comparisons.Two(set, set.Models[0], set.Models[1]);
        Assert.Equal((0.5, 0.25), (pair.Balanced.Difference, Math.Round(pair.Balanced.StandardError, 12)));
        // Student's t of 2 with one degree of freedom: p = 1 − 2·atan(2)/π.
        Assert.Equal(1 - (2 * Math.Atan(2) / Math.PI), pair.BalancedP, 9);
    }

    // One question a case, whose keys take turns; a wrong answer is a letter that no key is.
    private static ResultSet Keys(string keys, params (string Name, Func<int, bool> IsRight)[] models)
    {
        var builder = new ResultSetBuilder("keys");
        var cases = SyntheticSets.Counts([.. Enumerable.Repeat(1, 60)]).Cases
            .Select((@case, i) =>
                builder.AddCase(@case with { Questions = [@case.Questions[0] with { Key = keys[i % keys.Length].ToString() }] })).ToList();
        foreach (var (name, isRight) in models)
        {
            var model = builder.AddModel(name);
            foreach (var @case in cases)
            {
                var answer = SyntheticSets.Answer(isRight(@case.Index), 'D');
                model.Cover(@case)[0] = answer.IsCorrect ? answer with { Letter = @case.Questions[0].Key[0] } : answer;
            }
        }

        return builder.Build();
    }

    private static ResultSet WithKeys(ResultSet set, Func<int, int, string> key)
    {
        ImmutableArray<CaseFacts> cases =
        [
            .. set.Cases.Select(@case => @case with
            {
                Questions = [.. @case.Questions.Select((question, i) => question with { Key = key(@case.Index, i) })],
            }),
        ];
        // Letters other than the key's own would make every model one that says A.
        var letters = cases.SelectMany(@case => @case.Questions.Select(question => question.Key[0])).ToList();
        return new ResultSet("keys", null, cases, [.. set.Models.Select(model => model with
        {
            Answers = [.. model.Answers.Select((answer, i) => answer with { Letter = answer.IsCorrect ? letters[i] : 'D' })],
        })], []);
    }
}
