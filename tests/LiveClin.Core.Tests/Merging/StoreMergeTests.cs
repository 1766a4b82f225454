using LiveClin.Core.Answers;
using LiveClin.Core.Conditions;
using LiveClin.Core.Merging;
using LiveClin.Core.Results;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Merging;

public sealed class StoreMergeTests : IDisposable
{
    private static readonly string[] Models = ["first", "second"];
    private readonly TemporaryFolder _folder = new();
    private int _stores;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task The_order_of_merging_does_not_matter_and_merging_twice_changes_nothing(int seed)
    {
        var random = new Random(seed);
        string[] stores = [await RandomStoreAsync(random, "a"), await RandomStoreAsync(random, "b"), await RandomStoreAsync(random, "c")];
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        var results = new List<IReadOnlyList<string>>();
        foreach (var order in orders)
        {
            var target = NewPath();
            foreach (var index in order) Assert.Empty((await MergeAsync(stores[index], target)).Conflicts);
            var once = await ContentsAsync(target);
            results.Add(once);
            var before = await EverythingAsync(target);
            foreach (var index in order) Assert.Equal((0, 0, 0), Counts(await MergeAsync(stores[index], target)));
            Assert.Equal(before, await EverythingAsync(target));
        }

        Assert.NotEmpty(results[0]);
        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    [Fact]
    public async Task Cases_and_epochs_of_one_identity_become_one_complete_run()
    {
        var first = await StoreAsync("a", "m", "1", (1, 0, 3));
        var second = await StoreAsync("b", "m", "all,all", (1, 1, 2), (2, 0, 3), (2, 1, 2));
        Assert.Equal((0, 1, 3), Counts(await MergeAsync(second, first)));
        await using var store = ResultStore.OpenReadOnly(first);
        var run = Assert.Single(store.ListRuns());
        Assert.Equal(("a-m", "all,all", RunStatus.Completed), (run.Id, run.Target.ToString(), run.Status));
        Assert.Contains("3 conversations from run b-m", Assert.Single(store.GetEvents(run.Id)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_without_an_end_has_none_after_merging_until_it_is_complete()
    {
        var from = NewPath();
        var run = Run("a-m", "m", "all") with { Status = RunStatus.Running, FinishedAt = null };
        await SampleRuns.CreateStoreAsync(from, (run, [.. Conversation("m", 1, 0, 3, 3, new Random(0))]));
        var to = NewPath();
        await MergeAsync(from, to);
        await using (var store = ResultStore.OpenReadOnly(to))
        {
            var merged = Assert.Single(store.ListRuns());
            Assert.Equal(
                (RunStatus.Running, null, "2 of 5 questions are still open."), (merged.Status, merged.FinishedAt, merged.StatusReason));
        }

        var rest = await StoreAsync("a", "m", "all", (1, 1, 2));
        await MergeAsync(rest, to);
        await using var whole = ResultStore.OpenReadOnly(to);
        var completed = Assert.Single(whole.ListRuns());
        Assert.Equal(RunStatus.Completed, completed.Status);
        Assert.NotNull(completed.FinishedAt);
    }

    [Fact]
    public async Task A_run_under_a_condition_keeps_its_cases_and_the_letters_that_were_shown()
    {
        var from = NewPath();
        var run = Run("a-m", "m", "all");
        run = run with { Specification = run.Specification with { Condition = "rotated:1" } };
        var answer = Conversation("m", 1, 0, 1, 1, new Random(0)).First() with { Letter = "B", ShownLetter = "A" };
        await SampleRuns.CreateStoreAsync(from, (run, [answer]));
        var asked = new RunCase(0, "hash", [new RunQuestion(true, LetterMap.Lettered(["B", "A"]))]);
        await using (var store = ResultStore.Open(from)) await store.WriteAsync(write => write.PutRunCases(run.Id, [asked]));
        var to = NewPath();

        await MergeAsync(from, to);

        await using var merged = ResultStore.OpenReadOnly(to);
        var kept = Assert.Single(merged.GetRunCases(run.Id)).Value;
        Assert.Equal(("hash", "B"), (kept.Hash, Assert.Single(kept.Questions).Letters.ToPublished("A")));
        Assert.Equal(("B", "A"), (merged.GetAnswers(run.Id)[0].Letter, merged.GetAnswers(run.Id)[0].ShownLetter));
    }

    [Fact]
    public async Task Different_replies_are_listed_and_the_targets_stay_as_a_whole_conversation()
    {
        var source = await StoreAsync("a", "m", "all", (1, 0, 3), (1, 1, 2));
        var target = await StoreAsync("b", "m", "all", (1, 0, 1));
        await using (var store = ResultStore.Open(target))
        {
            await store.WriteAsync(write =>
            {
                write.AddRun(Run("x", "other", "all"));
                write.DeleteRun("b-m");
                write.AddRun(Run("b-m", "m", "all"));
                write.PutAnswer("b-m", SampleRuns.Answer(0, 0, Outcome.Wrong, "another reply"));
            });
        }

        var conflict = Assert.Single((await MergeAsync(source, target)).Conflicts);
        Assert.Equal(new MergeConflict("m", "b-m", "a-m", 1, 0, 0), conflict);
        await using var merged = ResultStore.OpenReadOnly(target);
        Assert.Equal(["another reply"], merged.GetAnswers("b-m", 0).Select(answer => answer.Reply));
        Assert.Equal(2, merged.GetAnswers("b-m", 1).Count);
    }

    [Fact]
    public async Task A_failure_gives_way_to_a_reply_and_its_attempts_are_not_added_up()
    {
        var failed = NewPath();
        await SampleRuns.CreateStoreAsync(failed, (Run("a-m", "m", "all"),
            [SampleRuns.Answer(0, 0, Outcome.Failed) with { Attempts = 6 }, SampleRuns.Answer(0, 1, Outcome.NotRun)]));
        var answered = await StoreAsync("b", "m", "all", (1, 0, 3));
        await MergeAsync(answered, failed);
        await using var store = ResultStore.OpenReadOnly(failed);
        Assert.Equal([1, 1, 1], store.GetAnswers("a-m").Select(answer => answer.Attempts));
    }

    [Fact]
    public async Task Superseded_runs_stay_runs_of_their_own()
    {
        var path = await StoreAsync("a", "m", "all", (1, 0, 3));
        await using (var store = ResultStore.Open(path))
        {
            await store.WriteAsync(write =>
            {
                write.AddRun(Run("fresh", "m", "all"));
                write.Supersede("fresh");
            });
        }

        var target = NewPath();
        await MergeAsync(path, target);
        await using var merged = ResultStore.OpenReadOnly(target);
        Assert.Equal([("a-m", "fresh"), ("fresh", null)], merged.ListRuns().Select(run => (run.Id, run.SupersededBy)).Order());
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_fresh_start_made_after_the_last_merge_takes_the_place_of_what_was_merged_then(StoreKind kind)
    {
        await using var into = await TestStore.CreateAsync(kind);
        var (path, target) = (await StoreAsync("a", "m", "all", (1, 0, 3)), into.Place);
        await MergeAsync(path, target);
        await using (var store = ResultStore.Open(path))
        {
            await store.WriteAsync(write =>
            {
                write.AddRun(Run("fresh", "m", "all"));
                write.Supersede("fresh");
                write.PutAnswer("fresh", SampleRuns.Answer(0, 0, Outcome.Wrong, "another reply"));
            });
        }

        var result = await MergeAsync(path, target);
        Assert.Empty(result.Conflicts);
        Assert.Equal((1, 0, 1), Counts(result));
        await using var merged = ResultStore.OpenReadOnly(target);
        Assert.Equal([("a-m", "fresh"), ("fresh", null)], merged.ListRuns().Select(run => (run.Id, run.SupersededBy)).Order());
        Assert.Equal("another reply", Assert.Single(merged.GetAnswers("fresh")).Reply);
        Assert.Equal(3, merged.GetAnswers("a-m").Count);
    }

    private static (int, int, int) Counts(MergeResult result) => (result.RunsAdded, result.RunsExtended, result.Conversations);

    // Of each conversation some store has more, some less, some a failure after the beginning; what a model said is the same everywhere.
    private async Task<string> RandomStoreAsync(Random random, string name)
    {
        var path = NewPath();
        var runs = Models.Where(_ => random.Next(4) > 0).Select(model =>
        {
            var epochs = random.Next(1, 4);
            var answers = new List<Answer>();
            for (var epoch = 1; epoch <= epochs; epoch++)
                foreach (var @case in SampleRuns.Release.Cases)
                    answers.AddRange(Conversation(model, epoch, @case.Ordinal, random.Next(@case.Questions.Length + 1),
                        @case.Questions.Length, random));
            return (Run($"{name}-{model}", model, string.Join(',', Enumerable.Repeat("all", epochs))), answers.ToArray());
        }).ToArray();
        await SampleRuns.CreateStoreAsync(path, runs);
        return path;
    }

    private static IEnumerable<Answer> Conversation(string model, int epoch, int ordinal, int replies, int questions, Random random)
    {
        for (var question = 0; question < replies; question++)
            yield return SampleRuns.Answer(ordinal, question, Outcome.Correct,
                $"{model} {epoch} {ordinal} {question} \\boxed{{A}}") with { Epoch = epoch };
        if (replies == questions || random.Next(2) == 0) yield break;
        yield return SampleRuns.Answer(ordinal, replies, Outcome.Failed) with { Epoch = epoch, Attempts = random.Next(1, 9),
            ErrorKind = $"http_50{random.Next(3)}" };
        for (var question = replies + 1; question < questions; question++) yield return SampleRuns.Answer(ordinal, question,
            Outcome.NotRun) with { Epoch = epoch };
    }

    private async Task<string> StoreAsync(string name, string model, string target,
        params (int Epoch, int Case, int Replies)[] conversations)
    {
        var path = NewPath();
        var answers = conversations.SelectMany(conversation =>
            Conversation(model, conversation.Epoch, conversation.Case, conversation.Replies, conversation.Replies, new Random(0)));
        await SampleRuns.CreateStoreAsync(path, (Run($"{name}-{model}", model, target), [.. answers]));
        return path;
    }

    private static RunInfo Run(string id, string model, string target) =>
        SampleRuns.Run(id, model) with { Target = RunTarget.Parse(target) };

    private string NewPath() => _folder[$"store{_stores++}.db"];

    private static async Task<MergeResult> MergeAsync(string from, string to)
    {
        await using var source = ResultStore.OpenReadOnly(from);
        await using var target = ResultStore.Open(to);
        return await new StoreMerge(source, target).RunAsync(Stop);
    }

    // What was answered, whichever run holds it.
    private static async Task<IReadOnlyList<string>> ContentsAsync(string path)
    {
        await using var store = ResultStore.OpenReadOnly(path);
        return [.. store.ListRuns().SelectMany(run => store.GetAnswers(run.Id)
            .Select(answer => $"{run.Specification.Identity} {run.Target} {answer}")).Order(StringComparer.Ordinal)];
    }

    private static async Task<IReadOnlyList<string>> EverythingAsync(string path)
    {
        await using var store = ResultStore.OpenReadOnly(path);
        return [.. store.ListRuns().SelectMany(run => (string[])[run.ToString(),
            .. store.GetAnswers(run.Id).Select(answer => answer.ToString()),
            .. store.GetEvents(run.Id).Select(noted => noted.ToString())])];
    }
}
