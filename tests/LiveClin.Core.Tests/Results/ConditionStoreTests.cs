using LiveClin.Core.Answers;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Results;

/// <summary>Runs under a condition in the store: what they ask, how far they are, and what goes with them.</summary>
public sealed class ConditionStoreTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ResultStore _store;

    public ConditionStoreTests() => _store = ResultStore.Open(_folder["store.db"]);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Coverage_is_measured_against_the_cases_that_the_condition_applies_to()
    {
        var run = await AddAsync(Outcome.Correct, Outcome.Wrong);
        var tally = _store.Tally(run);
        Assert.Equal((2, 1, 1, 2, false), (tally.Questions, tally.Cases, tally.CasesInRelease, tally.QuestionsAnswered, tally.IsPartial));
        Assert.Equal([1], _store.CasesOf(run).Select(asked => asked.Ordinal));
        // Of a target that holds none of them nothing is wanted.
        var nothing = _store.Tally(run, RunTarget.Of(1));
        Assert.Equal((0, 0, true), (nothing.Questions, nothing.Cases, nothing.IsComplete));
    }

    [Fact]
    public async Task Letters_stand_as_shown_and_in_the_releases_order()
    {
        var run = await AddAsync(Outcome.Correct, Outcome.Wrong);
        Assert.Equal([("B", "A"), ("B", "B")], _store.GetAnswers(run.Id).Select(answer => (answer.ShownLetter!, answer.Letter!)));
        var asked = Assert.Single(_store.GetRunCases(run.Id).Values);
        Assert.Equal(("hash", true, false), (asked.Hash, asked.Questions[0].IsChanged, asked.Questions[1].IsChanged));
        Assert.Equal(("A", "B"), (asked.Questions[0].Letters.ToPublished("B"), asked.Questions[1].Letters.ToPublished("B")));
    }

    [Fact]
    public async Task A_deleted_run_takes_its_cases_with_it()
    {
        var run = await AddAsync(Outcome.Correct, Outcome.Wrong);
        await _store.WriteAsync(write => write.DeleteRun(run.Id));
        Assert.Empty(_store.GetRunCases(run.Id));
        Assert.NotNull(await AddAsync(Outcome.Correct, Outcome.Wrong));
    }

    private async Task<RunInfo> AddAsync(Outcome first, Outcome second)
    {
        var plain = SampleRuns.Run("r");
        var run = plain with { Specification = plain.Specification with { Condition = "shuffled:1" } };
        var turned = LetterMap.Lettered(["B", "A"]);
        await _store.WriteAsync(write =>
        {
            write.AddRelease(SampleRuns.Release);
            write.AddRun(run);
            write.PutRunCases(run.Id,
                [new RunCase(1, "hash", [new RunQuestion(true, turned), new RunQuestion(false, LetterMap.Identity)])]);
            write.PutAnswer(run.Id, SampleRuns.Answer(1, 0, first).WithLetter("B", turned));
            write.PutAnswer(run.Id, SampleRuns.Answer(1, 1, second).WithLetter("B", LetterMap.Identity));
        });
        return run;
    }
}
