using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Testing;
using static LiveClin.Testing.SampleRuns;

namespace LiveClin.Core.Tests.Results;

public sealed class RunTallyTests
{
    [Fact]
    public async Task Counts_a_failure_apart_from_wrong_answers()
    {
        var tally = await TallyAsync(Run("r"), [
            Answer(0, 0, Outcome.Correct), Answer(0, 1, Outcome.Failed), Answer(0, 2, Outcome.NotRun),
            Answer(1, 0, Outcome.Correct), Answer(1, 1, Outcome.Correct)]);

        Assert.Equal((5, 5, 3, 2), (tally.Questions, tally.QuestionsDone, tally.QuestionsAnswered, tally.QuestionsFailed));
        Assert.Equal((2, 2, 1, 1), (tally.Cases, tally.CasesDone, tally.CasesCorrect, tally.CasesAnswered));
        Assert.Equal((2, 2), (tally.QuestionsInCasesAnswered, tally.CorrectInCasesAnswered));
        Assert.Equal((3, 0, 1, 1), (tally[Outcome.Correct], tally[Outcome.Wrong], tally[Outcome.Failed], tally[Outcome.NotRun]));
    }

    [Fact]
    public async Task Counts_what_was_not_asked_yet_as_not_run()
    {
        var tally = await TallyAsync(Run("r", status: RunStatus.Running), [Answer(1, 0, Outcome.Wrong)]);
        Assert.Equal((5, 1, 4), (tally.Questions, tally.QuestionsDone, tally[Outcome.NotRun]));
        Assert.Equal((2, 0, 0), (tally.Cases, tally.CasesDone, tally.CasesAnswered));
        Assert.Equal(tally.Questions, tally.Outcomes.Values.Sum());
    }

    [Fact]
    public async Task Looks_only_at_the_cases_asked_for()
    {
        var tally = await TallyAsync(Run("r", limit: 1),
            [Answer(0, 0, Outcome.Correct), Answer(0, 1, Outcome.Correct), Answer(0, 2, Outcome.Correct)]);
        Assert.Equal((3, 1, 1), (tally.Questions, tally.Cases, tally.CasesCorrect));
    }

    [Fact]
    public async Task The_process_that_writes_counts_again_after_each_write()
    {
        using var folder = new TemporaryFolder();
        await CreateStoreAsync(folder["s.db"], (Run("r"), [Answer(0, 0, Outcome.Correct)]), (Run("other"), []));
        await using var store = ResultStore.Open(folder["s.db"]);
        var run = store.FindRun("r")!;
        Assert.Equal((1, 0), (store.Tally(run)[Outcome.Correct], store.Tally(run)[Outcome.Failed]));
        await store.WriteAsync(write => write.PutAnswer("r", Answer(0, 1, Outcome.Failed)));
        Assert.Equal((1, 1), (store.Tally(run)[Outcome.Correct], store.Tally(run)[Outcome.Failed]));
        await store.WriteAsync(write => write.PutAnswer("other", Answer(0, 1, Outcome.Wrong)));
        Assert.Equal((1, 1), (store.Tally(run)[Outcome.Correct], store.Tally(run)[Outcome.Failed]));
        await Assert.ThrowsAnyAsync<Exception>(() => store.WriteAsync(write =>
        {
            write.PutAnswer("r", Answer(0, 2, Outcome.Correct));
            throw new InvalidOperationException();
        }));
        Assert.Equal(2, store.Tally(run).QuestionsDone);
    }

    private static async Task<RunTally> TallyAsync(RunInfo run, Answer[] answers)
    {
        using var folder = new TemporaryFolder();
        await CreateStoreAsync(folder["s.db"], (run, answers));
        await using var store = ResultStore.OpenReadOnly(folder["s.db"]);
        return store.Tally(store.FindRun(run.Id)!);
    }
}
