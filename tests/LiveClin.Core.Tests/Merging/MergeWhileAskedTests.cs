using LiveClin.Core.Answers;
using LiveClin.Core.Merging;
using LiveClin.Core.Results;
using LiveClin.Testing;
using LiveClin.Testing.Postgres;
using Npgsql;
using static LiveClin.Testing.SampleRuns;

namespace LiveClin.Core.Tests.Merging;

/// <summary>A merge into a database in which an evaluator goes on with the same run.</summary>
public sealed class MergeWhileAskedTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_conversation_that_grows_meanwhile_is_not_mixed_with_another_one()
    {
        await using var source = await TestStore.CreateAsync(StoreKind.Sqlite);
        await using var target = await TestStore.CreateAsync(StoreKind.Postgres);
        await CreateStoreAsync(source.Place, (Run("r"), [.. Asked(0, 3, "theirs"), .. Asked(1, 2, "theirs")]));
        await CreateStoreAsync(target.Place, (Run("r", status: RunStatus.Running), []));
        await using var evaluator = target.Open();
        var claim = (await evaluator.TryClaimAsync("r", 1, 0, Cancellation))!;

        // The merge has read what is there, and cannot write yet.
        await using var connection = new NpgsqlConnection(target.Place + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await ExecuteAsync(connection, "SELECT 1 FROM runs FOR NO KEY UPDATE");
        await using var reading = source.OpenReadOnly();
        await using var writing = target.Open();
        var merging = Task.Run(() => new StoreMerge(reading, writing).RunAsync(Cancellation), Cancellation);
        await WaitForAsync(connection, waiting: 1);
        var own = Asked(0, 1, "own")[0];
        await evaluator.WriteClaimedAsync(write => write.PutAnswer("r", own), claim, Cancellation);
        await transaction.CommitAsync(Cancellation);

        var merged = await merging;
        Assert.Equal((1, 1), (merged.RunsExtended, merged.Conversations));
        Assert.Equal(new MergeConflict(Run("r").Specification.Model, "r", "r", 1, 0, 0), Assert.Single(merged.Conflicts));
        Assert.Equal(["own", "theirs", "theirs"], evaluator.GetAnswers("r").Select(answer => answer.Reply));
        await evaluator.WriteClaimedAsync(write => write.PutAnswer("r", Asked(0, 2, "own")[1]), claim, Cancellation);
    }

    [Fact]
    public async Task Stores_that_are_merged_at_once_become_one_run()
    {
        await using var target = await TestStore.CreateAsync(StoreKind.Postgres);
        await CreateStoreAsync(target.Place, (Run("other", model: "other"), []));
        var sources = new List<TestStore>();
        foreach (var (id, ordinal) in ((string, int)[])[("r", 0), ("r", 0), ("s", 1)])
        {
            sources.Add(await TestStore.CreateAsync(StoreKind.Sqlite));
            await CreateStoreAsync(sources[^1].Place, (Run(id), [.. Asked(ordinal, 2, "reply")]));
        }

        // Each has looked, and found no such run, when the first one writes.
        await using var connection = new NpgsqlConnection(target.Place + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await ExecuteAsync(connection, "LOCK TABLE runs IN SHARE MODE");
        var merging = sources.Select(source => Task.Run(async () =>
        {
            await using var reading = source.OpenReadOnly();
            await using var writing = target.Open();
            return await new StoreMerge(reading, writing).RunAsync(Cancellation);
        }, Cancellation)).ToList();
        await WaitForAsync(connection, waiting: 3);
        await transaction.CommitAsync(Cancellation);

        var merged = await Task.WhenAll(merging);
        Assert.Equal(1, merged.Sum(@case => @case.RunsAdded));
        await using var store = target.OpenReadOnly();
        Assert.Equal(4, store.GetAnswers(Assert.Single(store.ListRuns(), run => run.Id != "other").Id).Count);
        foreach (var source in sources) await source.DisposeAsync();
    }

    [Fact]
    public async Task The_same_replies_at_other_times_are_nothing_to_take_over()
    {
        await using var source = await TestStore.CreateAsync(StoreKind.Sqlite);
        await using var target = await TestStore.CreateAsync(StoreKind.Sqlite);
        var later = Asked(0, 3, "same").Select(answer => answer with { CompletedAt = answer.CompletedAt.AddHours(1) });
        await CreateStoreAsync(source.Place, (Run("r"), [.. later]));
        await CreateStoreAsync(target.Place, (Run("r"), [.. Asked(0, 3, "same")]));
        await using var reading = source.OpenReadOnly();
        await using var writing = target.Open();
        var merged = await new StoreMerge(reading, writing).RunAsync(Cancellation);
        Assert.Equal((0, 0, 0), (merged.RunsExtended, merged.Conversations, merged.Conflicts.Count));
    }

    [Fact]
    public async Task What_merges_at_once_want_of_a_run_is_wanted_together()
    {
        await using var target = await TestStore.CreateAsync(StoreKind.Postgres);
        await CreateStoreAsync(target.Place, (Run("r", limit: 1), [.. Asked(0, 3, "reply")]));
        RunTarget[] wanted = [RunTarget.Of(null), RunTarget.Of(1, epochs: 3)];
        var sources = new List<TestStore>();
        foreach (var more in wanted)
        {
            sources.Add(await TestStore.CreateAsync(StoreKind.Sqlite));
            await CreateStoreAsync(sources[^1].Place, (Run("r") with { Target = more }, []));
        }

        await using var connection = await ConnectAsync(target);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await ExecuteAsync(connection, "SELECT 1 FROM runs FOR NO KEY UPDATE");
        var merging = sources.Select(source => MergeAsync(source, target)).ToList();
        await WaitForAsync(connection, waiting: 2);
        await transaction.CommitAsync(Cancellation);

        await Task.WhenAll(merging);
        await using var store = target.OpenReadOnly();
        Assert.Equal(wanted[0].Union(wanted[1]), store.FindRun("r")!.Target);
        foreach (var source in sources) await source.DisposeAsync();
    }

    [Fact]
    public async Task A_run_that_is_completed_meanwhile_stays_so()
    {
        await using var source = await TestStore.CreateAsync(StoreKind.Sqlite);
        await using var target = await TestStore.CreateAsync(StoreKind.Postgres);
        await CreateStoreAsync(source.Place, (Run("r"), [.. Asked(0, 3, "reply")]));
        await CreateStoreAsync(target.Place, (Run("r", status: RunStatus.Running), []));
        await using var evaluator = target.Open();

        // The merge has taken over what it has, looked how the run stands, and cannot write that yet.
        await using var answers = await ConnectAsync(target);
        await using var lockOfAnswers = await answers.BeginTransactionAsync(Cancellation);
        await ExecuteAsync(answers, "LOCK TABLE answers IN SHARE MODE");
        var merging = MergeAsync(source, target);
        await WaitForAsync(answers, waiting: 1);
        await using var runs = await ConnectAsync(target);
        await using var lockOfRuns = await runs.BeginTransactionAsync(Cancellation);
        await ExecuteAsync(runs, "SELECT 1 FROM runs FOR NO KEY UPDATE");
        await lockOfAnswers.CommitAsync(Cancellation);
        while (evaluator.GetAnswers("r").Count < 3) await Task.Delay(10, Cancellation);
        await WaitForAsync(runs, waiting: 1);
        await evaluator.WriteAsync(write =>
        {
            foreach (var answer in Asked(1, 2, "own")) write.PutAnswer("r", answer);
        });
        await ExecuteAsync(runs, $"UPDATE runs SET status = {(int)RunStatus.Completed}");
        await lockOfRuns.CommitAsync(Cancellation);

        await merging;
        Assert.Equal(RunStatus.Completed, evaluator.FindRun("r")!.Status);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_merge_that_was_killed_before_its_last_word_is_finished_by_the_next(StoreKind kind)
    {
        await using var source = await TestStore.CreateAsync(StoreKind.Sqlite);
        await using var target = await TestStore.CreateAsync(kind);
        Answer[] whole = [.. Asked(0, 3, "reply"), .. Asked(1, 2, "reply")];
        await CreateStoreAsync(source.Place, (Run("r"), whole));
        await CreateStoreAsync(target.Place, (Run("r", status: RunStatus.Cancelled), whole));
        Assert.Equal(0, (await MergeAsync(source, target)).RunsExtended);
        await using var store = target.OpenReadOnly();
        Assert.Equal(RunStatus.Completed, store.FindRun("r")!.Status);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Of_a_run_that_is_there_what_is_sound_is_taken_over_and_what_is_not_is_named(StoreKind kind)
    {
        await using var source = await TestStore.CreateAsync(StoreKind.Sqlite);
        await using var target = await TestStore.CreateAsync(kind);
        await CreateStoreAsync(source.Place, (Run("r"), [.. Asked(0, 3, "reply"), .. Asked(1, 2, "reply")]));
        await source.ExecuteAsync("UPDATE answers SET reply = 'another' WHERE case_ordinal = 0 AND question = 1");
        await CreateStoreAsync(target.Place, (Run("r", status: RunStatus.Failed), []));
        var merged = await MergeAsync(source, target);
        Assert.Equal((1, 1), (merged.RunsExtended, merged.Conversations));
        Assert.Contains("left out (1; the first is case 1, epoch 1)", Assert.Single(merged.Damaged), StringComparison.Ordinal);
        await using (var store = target.OpenReadOnly())
        {
            Assert.Equal([1, 1], store.GetAnswers("r").Select(answer => answer.CaseOrdinal));
            Assert.Single(store.GetEvents("r"), noted => noted.Kind == "merged");
            Assert.Equal(RunStatus.Cancelled, store.FindRun("r")!.Status);
        }

        merged = await MergeAsync(source, target);
        Assert.Equal((0, 0, 1), (merged.RunsExtended, merged.Conversations, merged.Damaged.Count));
    }

    private static async Task<MergeResult> MergeAsync(TestStore source, TestStore target)
    {
        await using var reading = source.OpenReadOnly();
        await using var writing = target.Open();
        return await Task.Run(() => new StoreMerge(reading, writing).RunAsync(Cancellation), Cancellation);
    }

    private static async Task<NpgsqlConnection> ConnectAsync(TestStore store)
    {
        var connection = new NpgsqlConnection(store.Place + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    private static async Task WaitForAsync(NpgsqlConnection connection, long waiting)
    {
        while (await TestDatabases.CountWaitingAsync(connection) != waiting) await Task.Delay(10, Cancellation);
    }

    // A reply's time tells it from others.
    private static Answer[] Asked(int ordinal, int questions, string reply) =>
        [.. Enumerable.Range(0, questions).Select(question => Answer(ordinal, question, Outcome.Wrong, reply))
            .Select(answer => answer with { CompletedAt = answer.CompletedAt.AddSeconds(reply.Length) })];

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
