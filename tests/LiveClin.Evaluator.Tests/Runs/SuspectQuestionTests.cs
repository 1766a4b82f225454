using LiveClin.Core.Cases;
using LiveClin.Evaluator.Runs;

namespace LiveClin.Evaluator.Tests.Runs;

/// <summary>Which question a server is lost at, and how suspects are held apart.</summary>
public sealed class SuspectQuestionTests
{
    [Fact]
    public async Task Guilty_is_who_was_under_way_twice_and_the_second_time_alone()
    {
        var release = await EvaluatorHarness.ReadDemoAsync();
        var suspects = new SuspectQuestions();
        CutOffQuestion Question(int @case, int question) => CutOff(release.Cases[@case], question);

        Assert.Equal(new LossVerdict(null, false), suspects.Judge([]));
        Assert.Equal(new LossVerdict(null, false), suspects.Judge([Question(0, 0)]));
        Assert.Equal(new LossVerdict(null, false), suspects.Judge([Question(0, 0), Question(1, 0)]));
        Assert.Equal(new LossVerdict(null, true), suspects.Judge([Question(0, 0), Question(1, 0)]));
        // Another question of a suspected case begins anew.
        Assert.Equal(new LossVerdict(null, true), suspects.Judge([Question(1, 1)]));
        var guilty = Question(1, 1);
        Assert.Equal(new LossVerdict(guilty, true), suspects.Judge([guilty]));
        Assert.Equal([3, 2, 0], new[] { 0, 1, 2 }.Select(@case => suspects.Losses((1, @case))));
    }

    [Fact]
    public async Task Many_suspects_are_asked_in_groups_few_alone_and_both_after_all_others()
    {
        var release = await EvaluatorHarness.ReadDemoAsync();
        var suspects = new SuspectQuestions();
        suspects.Judge([.. Enumerable.Range(0, 9).Select(i => CutOff(release.Cases[i], 0))]);
        Assert.Equal([1, 1, 0], new[] { 0, 8, 9 }.Select(@case => suspects.WeightOf((1, @case))));

        var isolation = new Isolation(suspects);
        await isolation.EnterAsync((1, 9), CancellationToken.None);
        await isolation.EnterAsync((1, 10), CancellationToken.None);
        var group = Enumerable.Range(0, 9).Select(@case => isolation.EnterAsync((1, @case), CancellationToken.None)).ToList();
        isolation.Leave();
        Assert.All(group, entered => Assert.False(entered.IsCompleted));
        isolation.Leave();
        await Task.WhenAll(group[..8]);
        Assert.False(group[8].IsCompleted);
        using var stop = new CancellationTokenSource();
        var given = isolation.EnterAsync((1, 9), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        isolation.Leave();
        await group[8];

        // Found to be few: alone.
        suspects.Judge([CutOff(release.Cases[3], 0)]);
        Assert.Equal([2, 2, 0], new[] { 0, 3, 9 }.Select(@case => suspects.WeightOf((1, @case))));
    }

    private static CutOffQuestion CutOff(Case clinicalCase, int question) =>
        new(new HeldConversation(new PlannedConversation(1, clinicalCase)), clinicalCase.Questions[question], null!, 1);
}
