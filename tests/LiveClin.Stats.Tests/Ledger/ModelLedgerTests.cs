using LiveClin.Core.Answers;
using LiveClin.Stats.Ledger;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Tests.Ledger;

public class ModelLedgerTests
{
    [Fact]
    public void Every_accuracy_has_its_own_denominator()
    {
        var ledger = Open(
            [Good, Good], // right
            [Good, Failed(Outcome.Failed)], // could have been right
            // right by a guess only
            [Good with { Rule = ExtractionRule.Capital, StrictOutcome = Outcome.Unparsed, StrictLetter = null }, Good],
            [new AnswerFacts(Outcome.Unparsed, null, ExtractionRule.None, true, Outcome.Unparsed, null), Failed(Outcome.NotRun)]);
        Assert.Equal(new OutcomeCounts(5, 0, 1, 0, 0, 0, 1, 1), ledger.Outcomes);
        Assert.Equal((new Ratio(5, 8), new Ratio(2, 4)), (ledger.Questions, ledger.Cases));
        Assert.Equal((new Ratio(4, 4), new Ratio(2, 2)), (ledger.CoreQuestions, ledger.CoreCases));
        Assert.Equal(new Ratio(5, 6), ledger.Answered);
        Assert.Equal((new Ratio(4, 8), new Ratio(1, 4)), (ledger.StrictQuestions!.Value, ledger.StrictCases!.Value));
        Assert.Equal((new Interval(0.625, 0.875), new Interval(0.5, 0.75)), (ledger.QuestionBounds, ledger.CaseBounds));
        Assert.Equal((4, 1), (ledger.Rules[ExtractionRule.Boxed], ledger.Rules[ExtractionRule.Capital]));
        Assert.Equal(new RuleDifference("2", 0, Outcome.Correct, 'A', Outcome.Unparsed, null), Assert.Single(ledger.Differences));
    }

    [Fact]
    public void Without_replies_nothing_is_said_of_the_strict_rule()
    {
        var ledger = Open([Good with { StrictOutcome = null, StrictLetter = null }]);
        Assert.Null(ledger.StrictQuestions);
        Assert.Empty(ledger.Differences);
    }

    [Fact]
    public void A_model_without_cases_has_no_accuracy()
    {
        var set = SyntheticSets.Counts([2], ("m", [null]));
        var row = LeaderboardRow.Of(set, set.Models[0]);
        Assert.True(double.IsNaN(row.Ledger.Cases.Value));
        Assert.Equal(Interval.None, row.CaseInterval);
    }

    [Fact]
    public void The_leaderboard_goes_by_whole_cases()
    {
        var board = Leaderboard.Of(SyntheticSets.Counts([3, 3], ("many", [2, 2]), ("whole", [3, 0])));
        Assert.Equal(["whole", "many"], board.Rows.Select(r => r.Ledger.Model.Model));
    }

    private static AnswerFacts Good => SyntheticSets.Answer(true);

    private static AnswerFacts Failed(Outcome outcome) => new(outcome, null, ExtractionRule.None, false, outcome, null);

    private static ModelLedger Open(params AnswerFacts[][] cases)
    {
        var set = SyntheticSets.Counts([.. cases.Select(c => c.Length)], ("m", [.. cases.Select(_ => (int?)0)]));
        return ModelLedger.Of(set, set.Models[0] with { Answers = [.. cases.SelectMany(c => c)] });
    }

    [Fact]
    public void Of_a_model_that_never_replied_nothing_is_estimated()
    {
        var set = SyntheticSets.Counts([2, 2], ("a", [2, 1]), ("silent", [0, 0]));
        set = new ResultSet(set.Release, null, set.Cases,
            [set.Models[0], set.Models[1] with { Answers = [.. set.Models[1].Answers.Select(_ => AnswerFacts.NotRun)] }], []);
        var board = Leaderboard.Of(set);
        var silent = board.Rows.Single(r => r.Ledger.Model.Model == "silent");
        Assert.Equal((0.0, 1), (silent.Ledger.Cases.Value, board.RankOf(board.Rows[0])));
        Assert.Null(board.RankOf(silent));
        Assert.All([silent.CaseInterval, silent.QuestionMean.Interval(), silent.Balanced.Interval(),
            ClusterBootstrap.Run(set, set.Models).CaseInterval(1)], interval => Assert.True(double.IsNaN(interval.Low)));
    }
}
