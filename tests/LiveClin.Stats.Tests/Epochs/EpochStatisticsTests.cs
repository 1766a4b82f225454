using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.Epochs;
using LiveClin.Stats.Ledger;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;
using LiveClin.Testing;

namespace LiveClin.Stats.Tests.Epochs;

public sealed class EpochStatisticsTests : IDisposable
{
    // By case, question and epoch: 1 where it is right.
    private static readonly string[][] Repeated = [["110", "010"], ["111"], ["000", "101"]];
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    // Plain Python over the table above: pairs of epochs by itertools.combinations, sample variances of counts by case, sandwich over 3
    // cases.
    [Fact]
    public async Task Means_variances_consistency_and_advice_equal_those_computed_by_hand()
    {
        var set = await LoadAsync(Repeated, 3);
        var statistics = EpochStatistics.Of(set, set.Models[0])!;
        Assert.Equal(3, statistics.Epochs);
        Assert.Equal(0.5333333333333333, statistics.Questions.Mean, 12);
        Assert.Equal(0.1514375558880073, statistics.Questions.StandardError, 12);
        Assert.Equal(0.017777777777777778, statistics.Questions.WithinQuestions, 12);
        Assert.Equal(0.005155555555555556, statistics.Questions.BetweenCases, 12);
        Assert.Equal(0.4444444444444444, statistics.Cases.Mean, 12);
        Assert.Equal(0.2939723678960657, statistics.Cases.StandardError, 12);
        Assert.Equal((0.4, 0.2), (Math.Round(statistics.FlipRate, 12), Math.Round(statistics.WithinQuestionVariance, 12)));
        Assert.Equal(0.015466666666666667, statistics.BetweenCaseVariance, 12);
        Assert.Equal((new Ratio(1, 5), new Ratio(4, 5), new Ratio(3, 5)),
            (statistics.RightInAll, statistics.RightInAny, statistics.RightByMajority));
        Assert.Equal((101, 98), (statistics.WorthwhileEpochs, statistics.MoreEpochs));
        Assert.StartsWith("Mean over 3 epochs: 53.3 % (95 % interval 0.0 % to 100.0 %) of questions, 44.4 % ", statistics.Statement,
            StringComparison.Ordinal);
        Assert.EndsWith("; from one epoch to another 40.0 % change side. 98 more epochs are worth it; "
            + "beyond that none would lower the error of the question accuracy by more than 5 %.", statistics.Statement,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Published_numbers_are_those_of_the_first_epoch()
    {
        var (one, three) = (await LoadAsync(Repeated, 1), await LoadAsync(Repeated, 3));
        var (first, again) = (LeaderboardRow.Of(one, one.Models[0]), LeaderboardRow.Of(three, three.Models[0]));
        Assert.Equal((first.Ledger.Questions, first.Ledger.Cases, first.QuestionMean),
            (again.Ledger.Questions, again.Ledger.Cases, again.QuestionMean));
        Assert.Equal(new Ratio(3, 5), again.Ledger.Questions);
        Assert.Null(EpochStatistics.Of(one, one.Models[0]));
    }

    [Fact]
    public async Task Answers_that_never_change_need_no_further_epoch()
    {
        var set = await LoadAsync([["11", "11"], ["00"], ["11", "00"]], 2);
        var statistics = EpochStatistics.Of(set, set.Models[0])!;
        Assert.Equal((0, 0.0, 0.0), (statistics.MoreEpochs, statistics.FlipRate, statistics.Questions.WithinQuestions));
        var plain = LeaderboardRow.Of(set, set.Models[0]).QuestionMean;
        Assert.Equal((plain.Mean, plain.StandardError), (statistics.Questions.Mean, statistics.Questions.StandardError));
        Assert.Contains("more cases would", statistics.Statement, StringComparison.Ordinal);
    }

    // "-" was not asked: an epoch that was only begun counts where it has dealt with a case.
    [Fact]
    public async Task An_epoch_counts_in_the_cases_that_it_has_dealt_with()
    {
        var set = await LoadAsync([["10", "11"], ["1-"], ["0-", "1-"]], 2);
        var statistics = EpochStatistics.Of(set, set.Models[0])!;
        Assert.Equal((1.5 + 1 + 1) / 5, statistics.Questions.Mean, 12);
        Assert.Equal((new Ratio(1, 2), new Ratio(2, 2)), (statistics.RightInAll, statistics.RightInAny));
        Assert.Equal(0.5, statistics.FlipRate);
    }

    [Fact]
    public async Task A_pair_has_its_difference_over_epochs_only_where_there_are_several()
    {
        string[][] other = [["100", "000"], ["110"], ["000", "001"]];
        var several = await PairAsync(Repeated, other, 3);
        // Means by case: 1, 1, 2/3 against 1/3, 2/3, 1/3.
        Assert.Equal(((2 / 3.0) + (1 / 3.0) + (1 / 3.0)) / 5, several.OverEpochs.Difference, 12);
        Assert.Contains(" Mean over epochs (3 and 3): +26.7 points of question accuracy (95 % interval ", several.Conclusion,
            StringComparison.Ordinal);
        var once = await PairAsync(Repeated, other, 1);
        Assert.Equal(once.Questions, once.OverEpochs);
        Assert.Equal((once.Questions, once.CaseP, once.QuestionP), (several.Questions, several.CaseP, several.QuestionP));
        Assert.DoesNotContain("over epochs", once.Conclusion, StringComparison.Ordinal);
    }

    private async Task<ModelComparison> PairAsync(string[][] one, string[][] other, int epochs)
    {
        var set = await LoadAsync(epochs, one, other);
        return Comparisons.Two(set, set.Models[0], set.Models[1]);
    }

    private Task<ResultSet> LoadAsync(string[][] right, int epochs) => LoadAsync(epochs, right);

    private async Task<ResultSet> LoadAsync(int epochs, params string[][][] models)
    {
        var path = _folder[$"{Guid.NewGuid():n}.db"];
        await SampleRuns.CreateStoreAsync(
            path, SampleRuns.ReleaseOf([.. models[0].Select(questions => questions.Length)]),
            [.. models.Select((right, i) =>
                (SampleRuns.Run($"run-{i}", $"m{i}") with { Target = RunTarget.Of(null, epochs) }, Answers(right, epochs)))]);
        await using var store = ResultStore.OpenReadOnly(path);
        return StoreSource.Load(store, new RunSelection(), Stop);
    }

    private static Answer[] Answers(string[][] right, int epochs) =>
    [
        .. from ordinal in Enumerable.Range(0, right.Length)
           from question in Enumerable.Range(0, right[ordinal].Length)
           from epoch in Enumerable.Range(1, epochs)
           let sign = right[ordinal][question][epoch - 1]
           where sign != '-'
           select SampleRuns.Answer(ordinal, question, sign == '1' ? Outcome.Correct : Outcome.Wrong) with { Epoch = epoch },
    ];
}
